import { SourcePosition } from '../source';
import { WorkloadKind } from './WorkloadKind';

/**
 * How the mesh normalises request paths before policies see them
 * (`meshConfig.pathNormalization.normalization`).
 *
 * @public
 */
export type PathNormalization =
  | 'NONE'
  | 'BASE'
  | 'MERGE_SLASHES'
  | 'DECODE_AND_MERGE_SLASHES';

/**
 * Peer and ports that isolation must not cut. Selectors are `matchLabels`.
 *
 * @public
 */
export interface ProfilePeer {
  namespace?: string;
  podLabels?: Record<string, string>;
  namespaceLabels?: Record<string, string>;
  serviceAccount?: string;
  cidrs?: string[];
  ports: {
    port: number;
    /** Last port of a range. */
    endPort?: number;
    protocol: 'TCP' | 'UDP' | 'SCTP';
  }[];
}

/**
 * A value that an object of the estate says, with the place: a fact, no guess.
 *
 * @public
 */
export interface FoundValue {
  /** Dotted path below `spec` of the profile. */
  field: string;
  /** What this object says; of lists that several objects make up, its part. */
  value: string | boolean | readonly string[] | readonly ProfilePeer[];
  source: {
    /** `Kind namespace/name`; `Kind name` outside namespaces. */
    object: string;
    at: SourcePosition;
  };
}

/**
 * A field that the file of the profile states.
 *
 * @public
 */
export interface StatedField {
  /** Dotted path below `spec`. */
  field: string;
  at: SourcePosition;
}

/**
 * Whose workloads are: those of namespaces, or, of each namespace with a label, whom its value names.
 *
 * @public
 */
export type WorkloadOwnerRule =
  | {
      /** Names, or labels that a namespace has. */
      namespaces: string[] | Record<string, string>;
      /** Labels that the pods have. */
      selector?: Record<string, string>;
      /** Reference of a group or user. */
      owner: string;
    }
  | {
      fromNamespaceLabel: string;
      /** Reference with `{value}` for the value of the label. */
      as: string;
    };

/**
 * Whose something outside the cluster is.
 *
 * @public
 */
export interface OutsideOwnerRule {
  cidrs?: string[];
  /** SPIFFE ids. */
  identities?: string[];
  hosts?: string[];
  /** Reference of a group or user. */
  owner: string;
}

/**
 * What must be known about a cluster's platform to generate and to judge.
 *
 * @public
 */
export interface PlatformProfile {
  /** Name of the cluster. */
  name: string;
  /** Environment or other words that a grant's `in:` may name. */
  environments: string[];
  /** Namespace to which manifests are applied that name none; absent: `default`, with a finding. */
  namespace?: string;
  mesh: {
    /** What runs beside pods where no label or annotation says it. */
    mode?: 'sidecar' | 'ambient' | 'none';
    istioVersion?: string;
    rootNamespace: string;
    trustDomain: string;
    trustDomainAliases: string[];
    pathNormalization: PathNormalization;
    ztunnelVersion?: string;
    /** `ISTIO_META_ENABLE_HBONE` of the mesh; absent: labels of pods alone say which sidecars take HBONE. */
    sidecarHbone?: boolean;
    /** `PILOT_ENABLE_SENDING_HBONE` of istiod: do sidecars send HBONE to ambient pods? Absent: since Istio 1.23. */
    sendsHbone?: boolean;
    /** `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY` of istiod (docs/semantics.md, A12). */
    ambientDryRun: boolean;
    /** `PILOT_AUTO_ALLOW_WAYPOINT_POLICY` of istiod. */
    autoAllowWaypoint: boolean;
    /** `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES` of istiod. */
    layeredWaypointPolicies: boolean;
    /** `topology.istio.io/network` of the cluster; absent: one network. */
    network?: string;
  };
  cni: {
    name?: string;
    /** Does an ipBlock match addresses of pods? Kubernetes says yes. */
    ipBlockMatchesPods: boolean;
    /** Does an ipBlock match addresses of nodes? Kubernetes says yes. */
    ipBlockMatchesNodes: boolean;
    enforcesNetworkPolicy: boolean;
    /** Has policies by host name. */
    fqdnPolicies: boolean;
  };
  network: {
    podCidrs: string[];
    nodeCidrs: string[];
    serviceCidrs: string[];
  };
  dns: ProfilePeer[];
  controlPlane: ProfilePeer[];
  scrapers: ProfilePeer[];
  telemetry: ProfilePeer[];
  /** Where the kubelet's probes of ambient pods come from (docs/semantics.md, N10). */
  probes: ProfilePeer[];
  /** Where pods find the API server, after address translation. */
  apiServer: ProfilePeer[];
  /** How this cluster is reached from another network. */
  eastWest: { cluster: string; addresses: string[]; port: number }[];
  gateways: {
    namespace: string;
    name: string;
    podLabels?: Record<string, string>;
    serviceAccount?: string;
    /** Default: `ingress`. */
    purpose?: 'ingress' | 'egress' | 'east-west';
  }[];
  trust: {
    /** Users and groups, as the API server knows them, that may change what the layers rest on. */
    platform: { users: string[]; groups: string[] };
  };
  workloadKinds: WorkloadKind[];
  /** Whose the workloads are; the first that fits counts. */
  owners: readonly WorkloadOwnerRule[];
  /** Whose addresses, identities and host names outside the cluster are. */
  addresses: readonly OutsideOwnerRule[];
  /** Fields that nobody stated and nothing in the estate says, as dotted paths: verdicts that rest on one are conditional. */
  guesses: string[];
  /** What the file states, in its order: it goes before what is found. */
  stated: readonly StatedField[];
  /** What is taken from the estate, sorted by field and place. */
  found: readonly FoundValue[];
}
