export * from './types';
export { plan } from './plan';
export { BINDING, bindEntity } from './bindEntity';
export type { Binding } from './bindEntity';
export { chooseApiPort, PORT_ANNOTATION } from './apiPort';
export type { PortChoice } from './apiPort';
export { EGRESS } from './egressState';
export { MANAGED_BY } from './foreignPolicies';
export { endsToPin } from './endsToPin';
