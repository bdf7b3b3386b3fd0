export * from './types';
export { defaultPlatformProfile } from './defaultPlatformProfile';
export { parsePlatformProfile } from './parsePlatformProfile';
export { newPlatformProfile, ownerRuleText } from './addOwnerRule';
