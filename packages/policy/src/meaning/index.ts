export * from './types';
export { digestEnd } from './edgeItems';
export { meaning } from './meaning';
export { meaningText } from './meaningText';
export { compareMeaning } from './compareMeaning';
export {
  describeMeaningDifference,
  meaningDifferenceWords,
} from './describeMeaningDifference';
export { keptPlumbingWords } from './keptPlumbing';
