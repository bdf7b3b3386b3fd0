/**
 * Reads what runs in a Kubernetes cluster, and sends it to a portal that cannot reach the cluster.
 *
 * @packageDocumentation
 */
export { ApiError } from './api/ApiError';
export { checkUrl } from './api/checkUrl';
export type { Connect, Connection } from './api/Connection';
export { connectTo, CredentialsProblem } from './api/connectTo';
export type { Credentials } from './api/Credentials';
export type { Served, ServedKind } from './api/discover';
export { KubeApi, type WatchEvent } from './api/KubeApi';
export { asArray, asJson, asText, isJson, type Json } from './json';
export type { ClusterFile } from './reader/ClusterFile';
export {
  ClusterReader,
  type ClusterState,
  type KindState,
} from './reader/ClusterReader';
export { Gate } from './reader/Gate';
export type { ReaderParts } from './reader/KindReader';
export type { NamedConfig } from './reader/namedConfigs';
export { readOnce, type ReadCluster } from './reader/readOnce';
export { FORM, type Form } from './reader/reduceObject';
export {
  folderOfKind,
  readKinds,
  WANTED,
  type ReadKind,
  type Wanted,
} from './reader/wantedKinds';
export { checkPortal } from './agent/checkPortal';
export type { AgentTimings } from './agent/EstateAgent';
export {
  digestOf,
  digestOfFiles,
  LIMITS,
  OTHER_FORM,
  type EstateAnswer,
  type EstatePush,
} from './agent/protocol';
export { noteOfRefused, refusePath, refuseText } from './agent/refuseFile';
export { runAgent } from './agent/runAgent';
