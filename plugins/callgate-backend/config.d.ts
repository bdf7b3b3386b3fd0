export interface Config {
  /** Who may call which API: requests, approvals and pull requests to the policy repository. */
  callgate?: {
    /**
     * Folder for what Callgate keeps on disk: Git objects, and with the local forge its repository. Absolute, or relative
     * to the working directory of the backend.
     *
     * @visibility backend
     */
    dataDirectory?: string;

    /**
     * The group that reviews and merges on the local forge, as a full entity ref.
     *
     * @visibility backend
     */
    platformTeam?: string;

    /**
     * The group that may end any grant, as a full entity ref. Nobody but the owners of both sides by default.
     *
     * @visibility backend
     */
    securityTeam?: string;

    /**
     * Programs that may read and ask, such as CI. They never decide. Their tokens are those of `backend.auth.externalAccess`.
     */
    services?: Array<{
      /**
       * The `subject` of the token, word for word; of a key of a JWKS with `external:` before it.
       *
       * @visibility backend
       */
      subject: string;
      /**
       * The group for which it asks, as an entity ref. Nobody of that group decides on what it asks for.
       *
       * @visibility backend
       */
      actsFor: string;
      /**
       * `own`, the default: it reads the names of what its group owns, and counts others. `everything`: it reads all.
       *
       * @visibility backend
       */
      sees?: 'own' | 'everything';
    }>;

    /** How long grants last. Nothing closes by itself: what is over is proposed to end, and somebody merges that. */
    lifecycle?: {
      /**
       * So many days a grant lasts at most, counted from when it is asked for; no limit by default.
       *
       * @visibility backend
       */
      maxDays?: number;
      /**
       * So many days one lasts where nobody says it; `maxDays` by default, and without that no end.
       *
       * @visibility backend
       */
      defaultDays?: number;
      /**
       * So many days before the last one the owners of both sides are reminded; 14 and 3 by default.
       *
       * @visibility backend
       */
      remindDays?: number[];
      /**
       * So many days an end waits before it is proposed that one side asks for and nobody has to approve; 0 by default. The
       * other side hears of it at once. The side of the API and the security team may say that one is urgent.
       *
       * @visibility backend
       */
      notice?: number;
      /**
       * Owners of an API look at each grant again every so many days, such as `180d`; by default only where a rule says so.
       *
       * @visibility backend
       */
      reviewEvery?: string;
      /**
       * What grants name and the catalog has no more, or has otherwise, counts after it was seen so for as many hours; 24 by
       * default. 0 is for trying it out.
       *
       * @visibility backend
       */
      goneAfterHours?: number;
      /**
       * What becomes of the pull request that ends grants whose last day is over: `propose`, the default, leaves it to people; with `merge`
       * Callgate merges it by itself where it does nothing else and the rules of the forge let it.
       *
       * @visibility backend
       */
      onExpiry?: 'propose' | 'merge';
    };

    /**
     * Access that cannot wait for an owner: it goes on before anybody approves it, ends by itself, and is decided afterwards. Without
     * this there is no such thing. Who may is the permission `callgate.request.break-glass`.
     */
    breakGlass?: {
      /**
       * So many hours it lasts, from when it is asked for: 1 to 72; 24 by default.
       *
       * @visibility backend
       */
      hours?: number;
    };

    retention?: {
      /**
       * So many days after a request was over what people wrote about it is taken out: its reason and all notes. Who did what
       * when, its meaning and all digests stay. By default nothing is taken out.
       *
       * @visibility backend
       */
      textsDays?: number;
    };

    approval?: {
      /**
       * The group that decides where nobody but the requester owns an API, as a full entity ref. Without it such requests
       * cannot be sent.
       *
       * @visibility backend
       */
      fallback?: string;
      /**
       * Rules of who approves, beside those of the file in the policy repository: they add up. Each has the fields of a rule
       * there. One that cannot be used stops the start.
       *
       * @visibility backend
       */
      rules?: Array<{
        name: string;
        /** An expression in the language of guardrails. */
        when: string;
        needs?: Array<{ role?: string; group?: string; count?: number }>;
        auto?: true;
        maxDays?: number;
        defaultDays?: number;
        reviewEvery?: string;
        examples: { hold: object[]; not: object[] };
      }>;
    };

    /** How much is worked out at once for previews and explanations, so that nobody slows down everybody. */
    previews?: {
      /**
       * How many run at once, everybody's together; 2 by default. Each holds a second picture of the estate in memory.
       *
       * @visibility backend
       */
      atOnce?: number;
      /**
       * How many of one person run at once; 1 by default. Of those that wait, the newest of a person counts.
       *
       * @visibility backend
       */
      perPerson?: number;
      /**
       * How many wait, everybody's together; 100 by default. More are answered with 503.
       *
       * @visibility backend
       */
      waiting?: number;
    };

    /** With what the receipts of proposals are signed; without it they are not. One of both. */
    signing?: {
      /**
       * Private ed25519 key, PEM without a passphrase.
       *
       * @visibility secret
       */
      key?: string;
      /**
       * File with such a key.
       *
       * @visibility secret
       */
      keyFile?: string;
    };

    policyRepository?: {
      /**
       * Id of the forge module that hosts the repository: `local` or `github`.
       *
       * @visibility backend
       */
      forge?: string;
      /**
       * Address of the repository, such as `https://github.com/acme/policies`. Credentials come from `integrations`.
       *
       * @visibility backend
       */
      url?: string;
      /**
       * The branch that pull requests go to; `main` by default.
       *
       * @visibility backend
       */
      branch?: string;
      /**
       * Folder of AccessPolicies; `policies` by default.
       *
       * @visibility backend
       */
      policiesFolder?: string;
      /**
       * Folder of generated and hand-written manifests, one folder below it for each cluster; `clusters` by default.
       *
       * @visibility backend
       */
      manifestsFolder?: string;
      /**
       * Folder of platform profiles, one file for each cluster; `profiles` by default.
       *
       * @visibility backend
       */
      profilesFolder?: string;
      /**
       * The platform team's rules, a file in the repository; `guardrails.yaml` by default. No rules where there is no file.
       *
       * @visibility backend
       */
      guardrailsFile?: string;
      /**
       * Rules of who approves, a file in the repository; `approvals.yaml` by default. One owner of the API where there is
       * no file.
       *
       * @visibility backend
       */
      approvalsFile?: string;
      /**
       * Whom pull requests ask for review on a hosted forge: logins, or `team:<slug>`.
       *
       * @visibility backend
       */
      reviewers?: string[];
    };

    estate?: {
      /** Folders of manifests that say what runs in each cluster. */
      manifests?: Array<{
        /**
         * Name of the cluster.
         *
         * @visibility backend
         */
        cluster: string;
        /**
         * Folder on disk, absolute or relative to the working directory of the backend.
         *
         * @visibility backend
         */
        path?: string;
        /**
         * Address of a folder that an integration can read, instead of `path`.
         *
         * @visibility backend
         */
        url?: string;
        /**
         * Globs of files to leave out, by their path below the folder: `charts/`, `*.json`.
         *
         * @visibility backend
         */
        exclude?: string[];
      }>;
    };
  };
}
