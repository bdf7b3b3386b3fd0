/**
 * How a cluster's API server is reached and who asks there.
 *
 * @public
 */
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
      /** Absent: the token of the pod that the process runs in. */
      token?: string;
      /** Certificates in PEM, base64. */
      caData?: string;
      caFile?: string;
      skipTLSVerify: boolean;
    }
  | { type: 'in-cluster' };
