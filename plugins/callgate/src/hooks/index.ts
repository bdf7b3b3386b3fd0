export { useLoaded } from './useLoaded';
export type { Loaded } from './useLoaded';
export { useReloadOnChange } from './useReloadOnChange';
