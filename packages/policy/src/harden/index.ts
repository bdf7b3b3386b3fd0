export { admissionPolicies } from './admissionPolicies';
export { harden } from './harden';
export type { Hardening } from './harden';
export { rbacReport } from './rbacReport';
export type { LayerName, PowerHolder, RbacReport, UnknownRole } from './types';
