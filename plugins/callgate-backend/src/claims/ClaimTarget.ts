import { fittingPart } from '../proposals/branchOf';

/** A workload of a cluster that somebody claims. */
export interface ClaimTarget {
  cluster: string;
  /** `namespace/Kind/name` */
  workload: string;
}

/**
 * The branch on which is said whose a workload is: a function of cluster and workload, so that there is one pull request at a
 * time. No branch of an API's proposal begins like this.
 */
export function claimBranchOf({ cluster, workload }: ClaimTarget): string {
  return `callgate-owners/${fittingPart(cluster)}/${fittingPart(workload)}`;
}
