/** Fields of generated objects that rules stand in. What else they have is written by hand, and stays. */
export interface RuleFields {
  policyTypes?: readonly string[];
  podSelector?: Peer['podSelector'];
  targetRefs?: readonly { kind?: string; name?: string }[];
  ingress?: readonly NetworkRule[];
  egress?: readonly NetworkRule[];
  rules?: readonly MeshRule[];
}

/** A rule of a NetworkPolicy. */
export interface NetworkRule {
  from?: readonly Peer[];
  to?: readonly Peer[];
  ports?: readonly Port[];
}

/** One side of a NetworkPolicy's rule. */
export interface Peer {
  namespaceSelector?: { matchLabels?: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr?: string };
}

/** A port of a NetworkPolicy's rule. */
export interface Port {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

/** A rule of an AuthorizationPolicy. */
export interface MeshRule {
  from?: readonly { source?: Source }[];
  to?: readonly { operation?: Operation }[];
}

/** Who calls, in a rule of an AuthorizationPolicy. */
export interface Source {
  principals?: readonly string[];
  notPrincipals?: readonly string[];
  ipBlocks?: readonly string[];
  notIpBlocks?: readonly string[];
}

/** What is called, in a rule of an AuthorizationPolicy. */
export interface Operation {
  methods?: readonly string[];
  paths?: readonly string[];
  ports?: readonly string[];
}

/** The label by which generated rules name a namespace. */
export const NAMESPACE = 'kubernetes.io/metadata.name';
