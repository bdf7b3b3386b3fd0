export * from './types';
export { defaultPlatformProfile } from './defaultPlatformProfile';
export { parsePlatformProfile } from './parsePlatformProfile';
