export * from './types';
export { accessPolicySchema } from './accessPolicySchema';
export { parseAccessPolicy } from './parseAccessPolicy';
export type { ParsedAccessPolicy } from './parseAccessPolicy';
export type { FieldPath } from './YamlSource';
export {
  addGrant,
  newAccessPolicy,
  pinGrant,
  removeGrant,
  replaceGrant,
} from './editAccessPolicy';
export { confirmGrant, confirmProvider } from './editConfirmed';
export { addDays, dayAt, daysUntil, parseDay } from './day';
export { formatCallerRef, parseCallerRef } from './callerRef';
export type { CallerRef } from './callerRef';
export { formatPinnedEnd, parsePinnedEnd } from './pinnedEnd';
export type { PinnedEnd } from './pinnedEnd';
export { entityRefOf } from './entity';
export { readEntities } from './readEntity';
export {
  parsePathPattern,
  pathPatternCovers,
  pathPatternKey,
  withBasePath,
} from './pathPattern';
export type { PathPattern, PathSegment } from './pathPattern';
export { hasHiddenCharacters } from './textRules';
