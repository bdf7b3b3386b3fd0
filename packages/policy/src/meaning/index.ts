export * from './types';
export { meaning } from './meaning';
export { compareMeaning } from './compareMeaning';
export { describeMeaningDifference } from './describeMeaningDifference';
