export type { MayDo, PolicyOfOthers } from './types';
export {
  describePolicyOfOthers,
  describeWhatOthersMay,
  nameOfPolicy,
  policyOfOthersWords,
} from './describe';
export { judgedAccessTo } from './judgedAccess';
export { mergeOthers } from './mergeOthers';
export { othersInto, othersTouching, type TouchedEdge } from './touchedBy';
export { withoutSharedOthers, type WithoutShared } from './withoutShared';
