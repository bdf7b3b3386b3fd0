export * from './types';
export { RequestSet } from './RequestSet';
export type { Segment } from './RequestSet';
export type { HttpSet } from './HttpSet';
export { TooComplexError } from './budget';
export { witness } from './witness';
export { requestSetKey, toAccessRanges } from './toAccessRanges';
