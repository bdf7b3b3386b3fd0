export * from './types';
export { prove, proveInSteps } from './prove';
