/**
 * The core of Callgate: declarations to manifests, manifests to effective
 * access, and the proof that both are the same. Pure: no I/O, no clock, no
 * randomness; the same input in any order gives the same output.
 *
 * @packageDocumentation
 */
export * from './access';
export * from './cascade';
export * from './compile';
export * from './contract';
export * from './emit';
export * from './entityRef';
export * from './estate';
export { excludes } from './globs';
export * from './evaluate';
export * from './findings';
export { sayPart, sayWords, type Name, type Namer, type Words } from './words';
export * from './approvals';
export * from './guardrails';
export * from './harden';
export * from './lint';
export * from './meaning';
export * from './model';
export * from './onboard';
export * from './others';
export { callerOfFinding, oncePerApi } from './oncePerApi';
export {
  BINDING,
  Bindings,
  canSettle,
  chooseApiPort,
  claimsOf,
  coOwnersOf,
  countedProvidersOf,
  unconfirmedProvidersOf,
  EGRESS,
  MANAGED_BY,
  outsideClaimsOf,
  OWNER_ANNOTATION,
  ownerRuleFor,
  plan,
  PORT_ANNOTATION,
  settleClaim,
  wouldHold,
  gapTitle,
} from './plan';
export { closedKey, endsToConfirm, endsToPin, heldKey } from './plan';
export type { ClosedFor, HeldPlan, UnconfirmedEnd } from './plan';
export type {
  AddressEnd,
  Admission,
  AdmittedSource,
  Binding,
  Claim,
  Claimant,
  ClaimOwner,
  ClaimsInput,
  ClaimState,
  CoOwner,
  Declarations,
  Edge,
  EdgeEnd,
  HttpAccess,
  Isolation,
  Isolator,
  KernelHop,
  LayerState as EdgeLayerState,
  OutsideClaim,
  OwnerStatedBy,
  Plan,
  PlanInput,
  PlumbingEdge,
  PlumbingPeer,
  PortChoice,
  Settlement,
  SettleInput,
  SupportedRow,
  UnsupportedGrant,
  UnsupportedRow,
} from './plan';
export * from './profile';
export * from './receipts';
export * from './proof';
export * from './reach';
export * from './render';
export * from './requestset';
export * from './reviews';
export type { Steps } from './steps';
export * from './source';
export * from './verify';
export * from './yaml';
// What signatures of the above mention.
export type { Path as ManifestPath } from './estate/fieldPath';
export type { FieldPath } from './model/YamlSource';
export type { StatedOwnerRule } from './profile/addOwnerRule';
export type { WorkloadPort } from './plan/workloadPorts';
export type {
  Existing as ExistingObject,
  Placed as PlacedObject,
} from './render/render';
export type { Dfa } from './requestset/dfa';
export type { HostPaths } from './requestset/HttpSet';
export type { Lang } from './requestset/Lang';
export type { Part, Partition } from './requestset/Partition';
export type { Segments } from './requestset/RequestSet';
