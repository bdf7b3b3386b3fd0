export { cascadeOf, toRememberOf } from './cascadeOf';
export type { CascadeFlag, CascadeInput, RememberedEntity } from './types';
