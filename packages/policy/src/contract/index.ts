export * from './types';
export { BASE_PATH_ANNOTATION, readContract } from './readContract';
