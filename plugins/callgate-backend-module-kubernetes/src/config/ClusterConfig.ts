/** How a cluster's API server is reached and who asks there. */
export type Credentials =
  | {
      type: 'kubeconfig';
      /** Absolute path. */
      file: string;
      /** The context of the file; its current one where this is absent. */
      context?: string;
    }
  | {
      type: 'token';
      /** Address of the API server. */
      url: string;
      /** Absent: the token of the pod that the backend runs in. */
      token?: string;
      /** Certificates in PEM, base64. */
      caData?: string;
      caFile?: string;
      skipTLSVerify: boolean;
    }
  | { type: 'in-cluster' };

/** A cluster that is read. */
export interface ClusterConfig {
  name: string;
  credentials: Credentials;
  /** Namespaces of which nothing is read but their labels. */
  exclude: readonly string[];
  /** After how long everything is listed anew, whatever the watches said, in milliseconds. */
  resyncMs: number;
}

/** What the configuration says about clusters. */
export interface ConfiguredClusters {
  /** Sorted by name. */
  clusters: readonly ClusterConfig[];
  /** Clusters of Backstage's Kubernetes plugin that cannot be read from here, with why. Sorted by name. */
  refused: readonly { cluster: string; problem: string }[];
  /** What is not read and has no name, for the log. */
  notes: readonly string[];
}
