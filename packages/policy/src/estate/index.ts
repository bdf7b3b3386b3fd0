export * from './types';
export type { VaryingLabel } from './podLabels';
export { amendCluster } from './amendCluster';
export type { ObjectChanges } from './amendCluster';
export { formatField } from './fieldPath';
export { emptyEstate, loadManifests } from './loadManifests';
export {
  buildCluster,
  namespaceOf,
  NAMESPACE_NAME_LABEL,
} from './buildCluster';
export type { BuildClusterInput } from './buildCluster';
export { servicesOf, targetPort, workloadsOf } from './serviceLookup';
export { NOT_READ } from './notRead';
export { gatewayExposure, widestOf } from './gatewayExposure';
export type { ExposedBy, GatewayExposure, TakesFrom } from './gatewayExposure';
export { groupOf } from './podTemplates';
export { waypointOfService, waypointOfWorkload } from './waypointLookup';
