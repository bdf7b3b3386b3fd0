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
  ports: { port: number; protocol: 'TCP' | 'UDP' | 'SCTP' }[];
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
  mesh: {
    /** What runs beside pods where no label or annotation says it. */
    mode?: 'sidecar' | 'ambient' | 'none';
    istioVersion?: string;
    rootNamespace: string;
    trustDomain: string;
    trustDomainAliases: string[];
    pathNormalization: PathNormalization;
  };
  cni: {
    name?: string;
    /** Does an ipBlock match addresses of pods? Kubernetes says yes. */
    ipBlockMatchesPods: boolean;
    /** Does an ipBlock match addresses of nodes? Kubernetes says yes. */
    ipBlockMatchesNodes: boolean;
    enforcesNetworkPolicy: boolean;
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
  gateways: {
    namespace: string;
    name: string;
    podLabels?: Record<string, string>;
    serviceAccount?: string;
  }[];
  workloadKinds: { group: string; kind: string; templatePath: string }[];
  /** Fields that nobody stated, as dotted paths: verdicts that rest on one are conditional. */
  guesses: string[];
}
