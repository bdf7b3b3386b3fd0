/**
 * The core of Callgate: declarations to manifests, manifests to effective
 * access, and the proof that both are the same. Pure: no I/O, no clock, no
 * randomness; the same input in any order gives the same output.
 *
 * @packageDocumentation
 */
export * from './compile';
export * from './contract';
export * from './emit';
export * from './entityRef';
export * from './estate';
export * from './evaluate';
export * from './findings';
export * from './meaning';
export * from './model';
export {
  BINDING,
  bindEntity,
  chooseApiPort,
  EGRESS,
  MANAGED_BY,
  plan,
  PORT_ANNOTATION,
} from './plan';
export type {
  Binding,
  Edge,
  EdgeEnd,
  HttpAccess,
  Isolation,
  LayerState as EdgeLayerState,
  Plan,
  PlanInput,
  PlumbingEdge,
  PlumbingPeer,
  PortChoice,
  SupportedRow,
  UnsupportedGrant,
  UnsupportedRow,
} from './plan';
export * from './profile';
export * from './proof';
export * from './reach';
export * from './render';
export * from './requestset';
export * from './source';
export * from './verify';
