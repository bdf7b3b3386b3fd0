/** How long replicas wait for what, in milliseconds. */
export interface Timings {
  /** Between two looks at a cluster that another replica reads. */
  pollMs: number;
  /** For how long a lease is taken: so long does a replica that dies keep others from reading. */
  leaseMs: number;
  /** Between two times that a lease is kept. */
  renewMs: number;
  /** Between two snapshots: a rollout is hundreds of changes. */
  settleMs: number;
}

export const TIMINGS: Timings = {
  pollMs: 3_000,
  leaseMs: 30_000,
  renewMs: 5_000,
  settleMs: 2_000,
};
