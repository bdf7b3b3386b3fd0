export * from './types';
export { effectiveAccess, effectiveAccessTo } from './effectiveAccess';
export { reach } from './reach';
export { foldedReach } from './foldedReach';
export type { FoldedReachOptions } from './foldedReach';
export type { ReachOptions } from './reach';
export { diff } from './diff';
