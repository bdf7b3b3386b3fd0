export * from './types';
export { BASE_PATH_ANNOTATION, contractOf, readContract } from './readContract';
export { methodWrites } from './methodWrites';
