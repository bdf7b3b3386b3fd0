/** A Kubernetes object as it is written. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Record<string, unknown> & { name: string; namespace?: string };
  spec?: Record<string, unknown>;
}

export interface WorldPort {
  name: string;
  number: number;
  /** Port of the Service that leads to it. */
  servicePort: number;
  /** What the Service says that the port speaks. */
  speaks: 'http' | 'tcp';
  /** Where it says more: `grpc` is HTTP to the mesh. */
  says?: 'grpc';
  /** Absent: TCP. Proxies do not see anything else. */
  protocol?: 'UDP' | 'SCTP';
}

/** One workload, of which one pod stands for all. */
export interface WorldWorkload {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  serviceAccount: string;
  mesh: 'sidecar' | 'ambient' | 'none';
  /** Takes HBONE: ambient pods, and sidecars that say so by a label. */
  hbone: boolean;
  /** A host that a WorkloadEntry makes known to the mesh: no network policy is about it. */
  isHost: boolean;
  ip: string;
  /** Set for a WorkloadGroup: the addresses of its other hosts. */
  moreIps?: readonly string[];
  /** Set for the proxies of a Gateway of this name, which istiod deploys. */
  gateway?: string;
  /** Set for a StatefulSet of two pods: which of them stands for it, and whether they carry different labels. */
  set?: { pod: 0 | 1; hasRoles: boolean };
  /** What every cluster has, and no team: nothing is declared about it. */
  isPlatform?: boolean;
  /** Reads the metrics of everybody. */
  isScraper?: boolean;
  /** Labels of its Service, where it has any. */
  serviceLabels?: Record<string, string>;
  ports: readonly WorldPort[];
}

/** Whom the listener of a waypoint admits (`allowedRoutes`). */
export type Lending =
  | 'Same'
  | 'All'
  | { team: 'red' | 'blue' }
  /** By a selector that is not there, which is nobody. */
  | 'None';

/** A waypoint for Services; its pods are a workload of the world. */
export interface WorldWaypoint {
  namespace: string;
  name: string;
  /** Absent: nothing is said, which is its own namespace. */
  lentTo?: Lending;
  /** Index of the workload whose pods it is. */
  workload: number;
}

/** A policy of a kind that no engine here knows, with whom it may touch in words of our own. */
export interface ForeignPolicy {
  manifest: Manifest;
  /** What connections, or requests in proxies, may come to by it. */
  layer: 'kernel' | 'mesh';
  directions: readonly ('ingress' | 'egress')[];
  /** Absent: any. */
  namespace?: string;
  /** The pods that it selects carry all of them; none are everybody. */
  labels: Readonly<Record<string, string>>;
}

/** A random world: what runs, and what policies there are. */
export interface World {
  seed: number;
  namespaces: readonly { name: string; labels: Record<string, string> }[];
  workloads: readonly WorldWorkload[];
  waypoints: readonly WorldWaypoint[];
  policies: readonly Manifest[];
  /** Policies of kinds that no engine here knows. */
  foreign?: readonly ForeignPolicy[];
  mesh: {
    rootNamespace: string;
    trustDomain: string;
    aliases: string[];
    pathNormalization:
      | 'NONE'
      | 'BASE'
      | 'MERGE_SLASHES'
      | 'DECODE_AND_MERGE_SLASHES';
  };
}

/** One call that everybody is asked about. */
export interface WorldCall {
  /** Index of a workload, or an address outside. */
  from: number | string;
  to: number;
  port: number;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Which host of a group calls, or is called; absent: its first. */
  fromIp?: string;
  toIp?: string;
  /** Called by the address of its Service or of its pod. */
  via: 'service' | 'pod';
  http?: {
    method: string;
    path: string;
    host: string;
    /** What Callgate is not told: it has to answer with a condition where it matters. */
    headers?: Record<string, string>;
  };
}

/** Hosts are called by their own address: what a waypoint does for a ServiceEntry is not asked. */
export function viaOf(
  { isHost }: WorldWorkload,
  byService: boolean,
): WorldCall['via'] {
  return byService && !isHost ? 'service' : 'pod';
}

/** `namespace/Kind/name`, as Callgate names a workload. */
export function idOf({
  namespace,
  name,
  isHost,
  moreIps,
  set,
}: WorldWorkload): string {
  const ofHost = moreIps ? 'WorkloadGroup' : 'WorkloadEntry';
  const ofPods = set ? 'StatefulSet' : 'Deployment';
  return `${namespace}/${isHost ? ofHost : ofPods}/${name}`;
}
