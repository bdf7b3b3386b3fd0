import type { InForce } from '../compile/inForce';
import type { Compilation } from '../compile/types';
import type { Cluster } from '../estate/types';
import type {
  AccessPolicy,
  CatalogEntity,
  GrantOperation,
} from '../model/types';

/**
 * What is known of an entity from when the catalog had it last: the catalog itself says only what is.
 *
 * @public
 */
export interface RememberedEntity {
  /** full reference */
  ref: string;
  /** whose it is known as, as full references, sorted: whoever else owns it has it from them */
  owners: readonly string[];
  /** who owned it when it was seen last, sorted; absent where that is the same */
  lastOwners?: readonly string[];
  /** `backstage.io/managed-by-origin-location` */
  origin?: string;
  /** `backstage.io/managed-by-location` */
  location?: string;
}

/**
 * One moment, of which it is asked what has become of the things that its grants name.
 *
 * @public
 */
export interface CascadeInput {
  catalog: readonly CatalogEntity[];
  /** Declarations that parse. */
  policies: readonly { policy: AccessPolicy }[];
  /** Without generated objects. */
  clusters: readonly Cluster[];
  /** What the declarations come to. */
  compilation: Pick<Compilation, 'findings'>;
  /** The generated objects that the repository has now. */
  inForce: readonly InForce[];
  remembered: readonly RememberedEntity[];
}

/**
 * Something that a grant names went or changed, without anybody asking for it. A flag changes nobody's access: what is in force stays
 * until somebody merges something.
 *
 * @public
 */
export type CascadeFlag =
  /** Nothing in the catalog is the caller any more. */
  | {
      kind: 'caller-gone';
      api: string;
      grantId: string;
      caller: string;
      /** its owners when it was there; empty where nobody remembers */
      owners: readonly string[];
      /** the one entity of its kind, place and owners that is bound to exactly the ends of the grant */
      renamedTo?: string;
    }
  /** The caller belongs to others than it did. */
  | {
      kind: 'caller-moved';
      api: string;
      grantId: string;
      caller: string;
      from: readonly string[];
      to: readonly string[];
    }
  /** The definition has operations no more that the grant names. */
  | {
      kind: 'operations-gone';
      api: string;
      grantId: string;
      caller: string;
      /** as the grant writes them */
      gone: readonly GrantOperation[];
      /** the grant without them; empty where nothing is left */
      left: readonly GrantOperation[];
      /** operations of the definition with the very methods and paths that the gone ones have in force: those have other ids now */
      renamed?: readonly GrantOperation[];
    }
  /** No component provides the API that its owner owns or has confirmed. */
  | { kind: 'provider-gone'; api: string }
  /** The API belongs to others than its declaration says. */
  | { kind: 'api-moved'; api: string; from: string; to: readonly string[] }
  /** The API is to be used no more. */
  | { kind: 'api-deprecated'; api: string };
