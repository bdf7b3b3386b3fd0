export * from './types';
export { render } from './render';
