export * from './types';
export { platformProfileSchema } from './PlatformProfileSchema';
export { defaultPlatformProfile } from './defaultPlatformProfile';
export { parsePlatformProfile } from './parsePlatformProfile';
