export * from './types';
export { World, amendWorld, createWorld } from './World';
export { evaluate } from './evaluate';
export { explain } from './explain';
export { nearEnds } from './nearEnds';
