export * from './types';
export { digestEnd } from './edgeItems';
export { meaning } from './meaning';
export { compareMeaning } from './compareMeaning';
export { describeMeaningDifference } from './describeMeaningDifference';
