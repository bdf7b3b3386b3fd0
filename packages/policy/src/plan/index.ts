export * from './types';
export { plan } from './plan';
export { BINDING, bindEntity } from './bindEntity';
export type { Binding } from './bindEntity';
export { PORT_ANNOTATION } from './apiPort';
export { EGRESS } from './egressState';
export { MANAGED_BY } from './foreignPolicies';
