export * from './types';
export * from './WorkloadKind';
export { defaultPlatformProfile } from './defaultPlatformProfile';
export { parsePlatformProfile } from './parsePlatformProfile';
export { newPlatformProfile, ownerRuleText } from './addOwnerRule';
export * from './report';
