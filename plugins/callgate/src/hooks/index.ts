export { randomKey } from './randomKey';
export { useLoaded } from './useLoaded';
export type { Loaded } from './useLoaded';
export { usePages } from './usePages';
export type { ListPage, Pages } from './usePages';
export { usePollWhile } from './usePollWhile';
export { useReloadOnChange } from './useReloadOnChange';
export { useWaiting, waitingTotal } from './useWaiting';
export type { Waiting } from './useWaiting';
