export * from './types';
export { claimsOf, outsideClaimsOf } from './claimsOf';
export { Bindings } from './Bindings';
export type { ClaimsInput } from './Bindings';
export { coOwnersOf } from './coOwners';
export type { CoOwner } from './coOwners';
export {
  countedProvidersOf,
  unconfirmedProvidersOf,
} from './countedProvidersOf';
export { OWNER_ANNOTATION } from './workloadOwner';
export type { Declarations } from './providers';
export { canSettle, ownerRuleFor, settleClaim, wouldHold } from './settleClaim';
export type { Settlement, SettleInput } from './settleClaim';
