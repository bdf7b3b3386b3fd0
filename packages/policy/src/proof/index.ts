export * from './types';
export { prove } from './prove';
