export * from './types';
export { effectiveAccess, effectiveAccessTo } from './effectiveAccess';
export { reach } from './reach';
export type { ReachOptions } from './reach';
export { diff } from './diff';
