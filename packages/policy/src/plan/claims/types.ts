/**
 * Who said whose something is.
 *
 * `profile`: the platform profile. `namespace`, `workload`: the annotation or label `callgate.dev/owner` there.
 * `established`: nobody, but something was approved and merged through another claim.
 *
 * @public
 */
export type OwnerStatedBy =
  | 'profile'
  | 'namespace'
  | 'workload'
  | 'established';

/**
 * Whose something is.
 *
 * @public
 */
export interface ClaimOwner {
  /** reference of a group or user; where the text is none, that text: nobody is this owner */
  ref: string;
  statedBy: OwnerStatedBy;
}

/**
 * Who claims something.
 *
 * @public
 */
export interface Claimant {
  /** reference of the entity */
  entity: string;
  /** owners of the entity, sorted */
  owners: string[];
  /** the place that registered the entity, where the catalog says it */
  registeredAt?: string;
}

/**
 * What becomes of a claim. `contested`: nothing says whose it is, and several owners claim it.
 *
 * @public
 */
export type ClaimState = 'holds' | 'refused' | 'contested';

/**
 * An entity that is bound to a workload, and whether that holds: whoever writes a catalog file writes annotations.
 *
 * @public
 */
export interface Claim extends Claimant {
  /** `namespace/Kind/name` */
  workload: string;
  cluster: string;
  state: ClaimState;
  /** absent where nothing says it */
  owner?: ClaimOwner;
  /** everybody who claims the workload, this entity among them, sorted by entity */
  claimants: readonly Claimant[];
}

/**
 * The same for something outside the clusters.
 *
 * @public
 */
export interface OutsideClaim extends Claimant {
  kind: 'addresses' | 'identity' | 'host';
  /** a block of addresses, a SPIFFE id, or the name of a host */
  target: string;
  state: ClaimState;
  owner?: ClaimOwner;
  /** addresses of a cluster that the block covers: nobody may claim these */
  covers?: string;
  claimants: readonly Claimant[];
}
