import type { Credentials } from '@callgate/cluster-reader';

/** A cluster that is read. */
export interface ClusterConfig {
  name: string;
  credentials: Credentials;
  /** Namespaces of which nothing is read but their labels. */
  exclude: readonly string[];
  /** After how long everything is listed anew, whatever the watches said, in milliseconds. */
  resyncMs: number;
}

/** A cluster that the portal does not reach. */
export interface AgentConfig {
  name: string;
  /** Whose token may send what it has, such as `external:prod-eu-agent`. */
  subject: string;
}

/** What the configuration says about clusters. */
export interface ConfiguredClusters {
  /** Sorted by name. */
  clusters: readonly ClusterConfig[];
  /** Clusters of which an agent says what they have. Sorted by name. */
  agents: readonly AgentConfig[];
  /** Clusters of Backstage's Kubernetes plugin that cannot be read from here, with why. Sorted by name. */
  refused: readonly { cluster: string; problem: string }[];
  /** What is not read and has no name, for the log. */
  notes: readonly string[];
}
