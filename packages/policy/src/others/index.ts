export type { MayDo, PolicyOfOthers } from './types';
export {
  describePolicyOfOthers,
  describeWhatOthersMay,
  nameOfPolicy,
} from './describe';
export { withoutUnjudged } from './setAside';
