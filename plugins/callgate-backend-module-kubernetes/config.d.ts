import type { HumanDuration } from '@backstage/types';

export interface Config {
  callgate?: {
    /**
     * Clusters that are read live, by name: the one of their profile, of their folder in the policy repository, and of `in:`
     * in grants. Each gives one of `kubeconfig`, `url`, `inCluster` and `agent`; one that Backstage's Kubernetes plugin has gives none,
     * and only what follows.
     */
    clusters?: {
      [name: string]: {
        /**
         * A kubeconfig file with a token or a certificate. One that names a program for its credentials is refused.
         *
         * @visibility backend
         */
        kubeconfig?: string;
        /**
         * The context of that file; its current one by default.
         *
         * @visibility backend
         */
        context?: string;
        /**
         * Address of the API server.
         *
         * @visibility backend
         */
        url?: string;
        /**
         * Token of a service account that `deploy/rbac.yaml` is bound to; with `url`.
         *
         * @visibility secret
         */
        serviceAccountToken?: string;
        /**
         * The cluster's certificate authority, PEM in base64, as a kubeconfig has it; with `url`.
         *
         * @visibility backend
         */
        caData?: string;
        /**
         * File with that, PEM.
         *
         * @visibility backend
         */
        caFile?: string;
        /**
         * Believe whoever answers at the address: for trying out only, since the token goes to them.
         *
         * @visibility backend
         */
        skipTLSVerify?: boolean;
        /**
         * The cluster that the backend runs in, with the account of its pod.
         *
         * @visibility backend
         */
        inCluster?: boolean;
        /**
         * An agent in the cluster says what it has (`callgate agent`, `deploy/agent.yaml`), where the portal does not reach it.
         *
         * @visibility backend
         */
        agent?: {
          /**
           * Who may send it: the subject of a token in `backend.auth.externalAccess`, word for word, which begins with
           * `external:`, such as `external:prod-eu-agent`. Each cluster has its own.
           *
           * @visibility backend
           */
          subject: string;
        };
        /**
         * Namespaces of which nothing is read but their labels. What runs there is then not known, and neither are policies there.
         *
         * @visibility backend
         */
        exclude?: string[];
        /**
         * After how long everything is listed anew, whatever the watches said, such as `1h`; one hour by default.
         */
        resync?: HumanDuration | string;
      };
    };

    kubernetesPlugin?: {
      /**
       * Which clusters of `kubernetes.clusterLocatorMethods` are read; by default all that are listed there. `[]` reads none.
       *
       * @visibility backend
       */
      clusters?: string[];
    };
  };
}
