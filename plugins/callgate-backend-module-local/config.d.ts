export interface Config {
  callgate?: {
    policyRepository?: {
      /**
       * Only for the local forge: folder whose files become the first commit of a new policy repository. Relative to
       * the working directory. Without it, the repository begins with a README. It is not read once there is a repository.
       */
      seed?: string;
    };
  };
}
