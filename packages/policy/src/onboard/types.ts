import type { AccessCaller } from '../access/types';
import type { Compilation } from '../compile/types';
import type { Cluster } from '../estate/types';
import type { Call, Condition, Layer } from '../evaluate/types';
import type { Finding, FindingCode } from '../findings';
import type { CatalogEntity, Grant } from '../model/types';
import type { PolicyOfOthers } from '../others/types';
import type { Claim, OutsideClaim } from '../plan/claims/types';
import type { Access, Endpoint } from '../reach/types';
import type { AccessRange } from '../requestset/types';
import type { SourceFile, SourcePosition } from '../source';

/**
 * What {@link onboard} needs: a catalog, and clusters with every policy that is in force.
 *
 * @public
 */
export interface OnboardInput {
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
  /** Full references of the APIs to import. Absent: every API of the catalog. */
  apis?: readonly string[];
  /** APIs that are written although that changes access: the changes are in the result. */
  accept?: readonly string[];
  /** Whether APIs are written although access is lost on ports that no manifest declares: these changes are in the result, too. */
  acceptUndeclaredPorts?: boolean;
  /**
   * Folder of the AccessPolicies, without a trailing slash.
   *
   * @defaultValue 'policies'
   */
  policiesFolder?: string;
}

/**
 * An object of the estate, with where it was read.
 *
 * @public
 */
export interface ObjectOrigin {
  cluster: string;
  kind: string;
  namespace?: string;
  name: string;
  at?: SourcePosition;
}

/**
 * One difference between what may be called before and after.
 *
 * @public
 */
export interface AccessChange {
  change: 'gained' | 'lost';
  /** Absent: the whole verdict changes. Otherwise this layer alone lets through more or less than before. */
  layer?: Layer;
  /** As `diff` writes ends: with several clusters, workloads have theirs before a colon. */
  from: Endpoint;
  to: Endpoint;
  access: readonly Access[];
  /** A call that the difference decides. */
  witness: Call;
  /** The platform profile says that this is let through wherever something is closed, such as a scraper. */
  plumbing?: true;
  /** It is about ports alone that neither the workload nor a Service before it declares, while they declare others. */
  undeclaredPorts?: true;
}

/**
 * Why an API is left as it is.
 *
 * - `no-provider`: no component provides it and counts.
 * - `not-bound`: what provides it is bound to no workload.
 * - `contested`: claims on what provides it do not hold.
 * - `several-entities`: another entity stands for one of its workloads as well.
 * - `outside`: it is at addresses or names outside the clusters.
 * - `declared`: objects that Callgate generated for it are there.
 * - `no-owner`: nobody owns it, and a declaration needs an owner.
 * - `not-known`: nobody can tell who may call it.
 * - `errors`: the declaration that would be written has errors.
 * - `would-change`: its declaration would change who may call what.
 *
 * @public
 */
export type LeftOut =
  | { reason: 'no-provider' }
  | {
      reason: 'not-bound';
      entity: string;
      binding: 'missing' | 'invalid' | 'nothing';
    }
  | { reason: 'contested'; claims: readonly (Claim | OutsideClaim)[] }
  | {
      reason: 'several-entities';
      cluster: string;
      workload: string;
      entities: readonly string[];
    }
  | { reason: 'outside' }
  | { reason: 'declared' }
  | { reason: 'no-owner' }
  | {
      reason: 'not-known';
      conditions: readonly Pick<Condition, 'kind' | 'object'>[];
      policies: readonly PolicyOfOthers[];
    }
  | { reason: 'errors'; findings: readonly Finding[] }
  | { reason: 'would-change'; changes: readonly AccessChange[] };

/**
 * A grant that says what a caller may do today, with the objects that let it.
 *
 * @public
 */
export interface ImportedGrant {
  grant: Grant;
  /** Empty where nothing restricts what it does. */
  by: readonly ObjectOrigin[];
}

/**
 * Access that no grant can say: it stays with the objects that give it.
 *
 * - `addresses`: the caller is addresses outside the estate.
 * - `no-entity`: no entity is bound to the caller's workload.
 * - `contested`: the claims on the caller's workload do not hold.
 * - `several-entities`: several entities are bound to it.
 * - `several-gateways`: several gateways run on it.
 * - `not-known`: a policy that nobody judges may refuse it.
 * - `not-all-workloads`: other workloads of the same caller, or of the API, differ in what they may do.
 * - `not-expressible`: an AccessPolicy has no words for these requests.
 * - `not-grantable`: a grant of it has the error `code`.
 *
 * @public
 */
export type KeptReason =
  | 'addresses'
  | 'no-entity'
  | 'contested'
  | 'several-entities'
  | 'several-gateways'
  | 'not-known'
  | 'not-all-workloads'
  | 'not-expressible'
  | 'not-grantable';

/**
 * A caller whose access stays with hand-written objects.
 *
 * @public
 */
export interface KeptAccess {
  caller: Pick<AccessCaller, 'class' | 'ref' | 'entities' | 'cidrs'>;
  reason: KeptReason;
  /** Set for `not-grantable`. */
  code?: FindingCode;
  places: readonly {
    cluster: string;
    from: string;
    to: string;
    access: readonly AccessRange[];
  }[];
  by: readonly ObjectOrigin[];
}

/**
 * A component that the catalog says consumes the API, and that no grant names. It is nothing but a proposal: what the
 * catalog says allows nobody anything.
 *
 * @public
 */
export interface ProposedCaller {
  caller: string;
  /** Whether it can call today all the same. */
  canCall: boolean;
}

/**
 * What becomes of one API.
 *
 * @public
 */
export interface OnboardedApi {
  api: string;
  /**
   * `written`: its AccessPolicy says what is in force. `open`: everyone can call it, wherever it runs or on a part of it, and a
   * declaration would close it. `left-out`: it stays as it is, for the reason of `leftOut`.
   */
  state: 'written' | 'open' | 'left-out';
  leftOut?: LeftOut;
  /** Path of the AccessPolicy. Set where it is written. */
  file?: string;
  grants: readonly ImportedGrant[];
  kept: readonly KeptAccess[];
  proposed: readonly ProposedCaller[];
  /** Clusters in which everyone can call it today, and after the import as well; sorted. */
  openIn: readonly string[];
  /** Namespaces of which whoever comes later can call it today, and needs a grant once the AccessPolicy is in force. */
  later: readonly { cluster: string; namespace: string }[];
}

/**
 * A policy that was written by hand and is about workloads of an imported API.
 *
 * @public
 */
export interface HandWritten extends ObjectOrigin {
  /** APIs that were written and that it is about, sorted. */
  apis: readonly string[];
  /** Whether it can be deleted once the generated policies are in force, together with all others that can. */
  canGo: boolean;
  /** What deleting it would change, in the form of its first differences; empty where it can go. */
  changes: readonly AccessChange[];
  /** It could go alone; what changes does so together with others that can go. */
  alone?: true;
}

/**
 * The outcome of {@link onboard}.
 *
 * @public
 */
export interface Onboarding {
  /** Sorted by API. */
  apis: readonly OnboardedApi[];
  /** AccessPolicies, sorted by path. */
  files: readonly SourceFile[];
  /** What they come to. */
  compilation: Compilation;
  /** What they change: empty, but for APIs whose changes were accepted. */
  changes: readonly AccessChange[];
  /** What one layer alone refuses more than before, while others refuse it today already. */
  refusedTwice: readonly AccessChange[];
  /** Sorted by cluster, namespace, kind and name. */
  handWritten: readonly HandWritten[];
  /** What was found about the estate's policies and about the declarations. */
  findings: readonly Finding[];
  /** True where nothing changes, and no API was left out because it would. */
  unchanged: boolean;
}
