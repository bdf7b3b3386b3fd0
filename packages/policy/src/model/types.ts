/**
 * What an AccessPolicy enforces.
 *
 * `observe` keeps the declaration and emits nothing, `audit` emits only what can be dry-run, `enforce` emits all.
 *
 * @public
 */
export type PolicyMode = 'observe' | 'audit' | 'enforce';

/**
 * A gap that requester and approver were shown and accepted.
 *
 * - `method-not-enforced`: the methods are declared, but only the port is enforced.
 * - `identity-not-enforced`: a caller without mesh identity reaches a provider in the mesh in plaintext; only the kernel
 *   layer tells such callers apart.
 * - `shared-service-account`: the caller runs under a service account that other workloads use as well.
 *
 * @public
 */
export type Gap =
  | 'method-not-enforced'
  | 'identity-not-enforced'
  | 'shared-service-account';

/**
 * One operation of a grant.
 *
 * `id` names an operation of the API's definition. `http` paths are written as OpenAPI writes them, relative to the base
 * path. `grpc` without `methods` means every method the definition lists for that service today. `tcp`, `udp` and `sctp` name a
 * port of the provider's Service (or, where no Service has it, a port of its workload).
 *
 * @public
 */
export type GrantOperation =
  | { id: string }
  | { http: { methods: string[]; paths: string[] } }
  | { grpc: { service: string; methods?: string[] } }
  | { tcp: { port: number } }
  | { udp: { port: number } }
  | { sctp: { port: number } };

/**
 * One line of an AccessPolicy: a caller and the operations it may use.
 *
 * @public
 */
export interface Grant {
  /** unique within the policy */
  id: string;
  /** entity reference of a component, resource, system, domain or group; or `self`, `gateway:<ns>/<name>`, `cidr:<block>` */
  caller: string;
  /** clusters or environments in which the grant holds; absent means wherever the pair runs */
  in?: string[];
  operations: GrantOperation[];
  reason?: string;
  requestedBy?: string;
  approvedBy?: string[];
  /** id of the access request that made it, or that changed it last */
  request?: string;
  /** last day, such as `2027-03-01`, in UTC; absent: it has no end. Nothing closes by itself when the day is over. */
  until?: string;
  /** it went on before anybody approved it, for some hours: its end is asked for when they are over */
  breakGlass?: true;
  acknowledges?: Gap[];
  /** who caller and provider were when it was approved; without it the next proposal of the API writes what it finds */
  ends?: GrantEnds;
  /**
   * Of a grant to a system, domain or group. `follow`: whoever becomes a member later is admitted without being asked
   * about. Otherwise members are pinned like every other end.
   */
  members?: 'follow';
}

/**
 * The ends that an approval was about: which workloads, not whatever a name will mean later. Each is a text as
 * {@link parsePinnedEnd} reads it, sorted.
 *
 * @public
 */
export interface GrantEnds {
  caller: string[];
  provider: string[];
}

/**
 * The catalog entity that lists all grants of one API, as parsed from the policy repository.
 *
 * @public
 */
export interface AccessPolicy {
  apiVersion: 'callgate.dev/v1alpha1';
  kind: 'AccessPolicy';
  metadata: {
    name: string;
    /** `default` where the file does not say */
    namespace: string;
    title?: string;
    description?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
  };
  spec: {
    owner: string;
    api: string;
    mode: PolicyMode;
    /**
     * Components that the API's owner has confirmed to provide it, as full references. One that the owner of the API owns
     * needs no confirming.
     */
    providers?: string[];
    grants: Grant[];
  };
}

/**
 * What the core needs to know of a Backstage entity. Entities of the catalog's API fit without conversion.
 *
 * @public
 */
export interface CatalogEntity {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    title?: string;
    annotations?: Record<string, string>;
    labels?: Record<string, string>;
    tags?: string[];
  };
  spec?: Record<string, unknown>;
  relations?: { type: string; targetRef: string }[];
}
