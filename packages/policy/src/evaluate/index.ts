export * from './types';
export { World, createWorld } from './World';
export { evaluate } from './evaluate';
export { explain } from './explain';
