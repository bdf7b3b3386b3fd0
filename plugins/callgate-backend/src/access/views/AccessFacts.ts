import {
  Bindings,
  countedProvidersOf,
  createWorld,
  entityRefOf,
  evaluate,
  formatCallerRef,
  parseCallerRef,
  verify,
  witness,
  type AccessDifference,
  type AccessPolicy,
  type CatalogEntity,
  type Edge,
  judgedAccessTo,
  mergeOthers,
  othersInto,
  othersTouching,
  type EffectiveAccess,
  type PolicyOfOthers,
  type Finding,
  type HeldGrant,
  type RequestSet,
  type UnconfirmedEnd,
  type UnsupportedGrant,
  type VerifyResult,
  type Workload,
  type World,
} from '@callgate/policy';
import type { PolicyObject } from '@callgate/plugin-callgate-common';
import { stringify } from 'yaml';
import { keepsFromKnowing } from '../../proposals/keepsFromKnowing';
import type { ParsedPolicy } from '../../proposals/readPolicies';
import type { Snapshot } from '../../proposals/types';

type Judged = Pick<EffectiveAccess, 'sure' | 'possible'>;

/** A workload that an entity stands for, in its cluster. */
export interface BoundWorkload {
  cluster: string;
  workload: Workload;
}

/**
 * What a snapshot says, looked up once and kept: declared edges, what the manifests in Git really allow, and the
 * difference. One instance serves all readers of a snapshot.
 */
export class AccessFacts {
  static of(snapshot: Snapshot): AccessFacts {
    let facts = AccessFacts.#known.get(snapshot);
    if (!facts) {
      facts = new AccessFacts(snapshot);
      AccessFacts.#known.set(snapshot, facts);
    }
    return facts;
  }

  static readonly #known = new WeakMap<Snapshot, AccessFacts>();

  readonly #entities = new Map<string, CatalogEntity>();
  #verified?: VerifyResult;
  #worlds = new Map<string, World>();
  #bound?: Map<string, BoundWorkload[]>;
  readonly #effective = new Map<string, ReadonlyMap<string, Judged>>();

  private constructor(readonly snapshot: Snapshot) {
    for (const entity of snapshot.catalog) {
      this.#entities.set(entityRefOf(entity), entity);
    }
  }

  entity(ref: string): CatalogEntity | undefined {
    return this.#entities.get(ref);
  }

  /** The API's declaration, when it has one that parses. */
  policyOf(apiRef: string): AccessPolicy | undefined {
    return this.snapshot.policies.find(
      ({ policy }) => policy && fullRef(policy.spec.api) === apiRef,
    )?.policy;
  }

  /** Declarations with the grants that name a caller, directly or by a set that the plan resolved. */
  policies(): AccessPolicy[] {
    return this.snapshot.policies.flatMap(({ policy }) =>
      policy ? [policy] : [],
    );
  }

  /** Callers that the API's declaration names. */
  callersOf(apiRef: string): string[] {
    const granted = (this.policyOf(apiRef)?.spec.grants ?? []).map(
      ({ caller }) => caller,
    );
    const ungranted = this.surplusOf(apiRef).flatMap(({ cluster, from }) =>
      this.entitiesOf(cluster, from),
    );
    return [...new Set([...granted, ...ungranted])];
  }

  edgesOf(apiRef: string, grantId?: string): Edge[] {
    return this.snapshot.compilation.plan.edges.filter(
      edge =>
        edge.api === apiRef &&
        (grantId === undefined || edge.grantId === grantId),
    );
  }

  edgesFrom(callerRef: string): Edge[] {
    return this.snapshot.compilation.plan.edges.filter(
      edge => edge.caller === callerRef,
    );
  }

  unsupportedOf(apiRef: string, grantId: string): UnsupportedGrant[] {
    return this.snapshot.compilation.plan.unsupported.filter(
      each => each.api === apiRef && each.grantId === grantId,
    );
  }

  /** Ends that a grant stands for and was not approved for. */
  unconfirmedOf(apiRef: string, grantId: string): UnconfirmedEnd[] {
    return this.snapshot.compilation.plan.unconfirmed.filter(
      each => each.api === apiRef && each.grantId === grantId,
    );
  }

  /** Declared calls of a grant that the manifests do not surely let through. */
  missingOf(apiRef: string, grantId: string): AccessDifference[] {
    return this.verified.missing.filter(({ grants }) =>
      grants.some(each => each.api === apiRef && each.grantId === grantId),
    );
  }

  /** What is open towards a workload of the API without a grant. */
  surplusOf(apiRef: string): AccessDifference[] {
    return [
      ...this.verified.surplusOurs,
      ...this.verified.surplusForeign,
    ].filter(({ apis }) => apis.includes(apiRef));
  }

  /** Grants of an API with errors, whose access in force stays as it is. */
  heldOf(apiRef: string): HeldGrant[] {
    return this.snapshot.compilation.held.filter(
      ({ api, inForce }) => api === apiRef && inForce,
    );
  }

  /** What is wrong with a grant, or with the whole of its API. */
  errorsOf(apiRef: string, grantId: string): Finding[] {
    return this.snapshot.compilation.findings.filter(
      found =>
        found.severity === 'error' &&
        found.api === apiRef &&
        (found.grantId ?? grantId) === grantId,
    );
  }

  /** Declarations that do not parse and are, or may be, the API's: nobody knows whom they name. */
  unreadableOf(apiRef: string): readonly ParsedPolicy[] {
    return this.snapshot.policies.filter(
      ({ policy, api: declares }) =>
        // A declaration of nobody knows what may be this API's.
        !policy && (declares === undefined || declares === apiRef),
    );
  }

  /** Everything that is wrong with an API's access or keeps it from being known. */
  findingsOf(apiRef: string): Finding[] {
    const { compilation, findings } = this.snapshot;
    return [
      ...this.unreadableOf(apiRef).flatMap(policy => policy.findings),
      ...findings.filter(keepsFromKnowing),
      ...[...compilation.findings, ...this.verified.findings].filter(
        ({ api }) => api === apiRef,
      ),
    ];
  }

  /** What keeps a caller's access from being known or granted. */
  findingsAbout(callerRef: string): Finding[] {
    const { compilation, findings } = this.snapshot;
    return [
      ...findings.filter(keepsFromKnowing),
      // What the first grant closed is history here, as on the page of the API.
      ...compilation.findings.filter(
        ({ code, objects }) =>
          code !== 'isolation-flip' && objects.includes(callerRef),
      ),
    ];
  }

  get verified(): VerifyResult {
    this.#verified ??= verify({
      plan: this.snapshot.compilation.plan,
      clusters: this.snapshot.effectiveClusters,
      failedApis: this.snapshot.compilation.failedApis.map(({ api }) => api),
      kept: this.snapshot.compilation.kept,
    });
    return this.#verified;
  }

  /** The manifests of one cluster, ready for questions. */
  world(cluster: string): World | undefined {
    let world = this.#worlds.get(cluster);
    if (!world) {
      const found = this.#clusterOf(cluster);
      if (!found) {
        return undefined;
      }
      world = createWorld([found]);
      this.#worlds.set(cluster, world);
    }
    return world;
  }

  /**
   * Who may call a workload by the manifests in Git, by the caller's id: as if policies of others that nobody judges changed
   * nothing.
   */
  effectiveTo(cluster: string, to: string): ReadonlyMap<string, Judged> {
    const key = `${cluster} ${to}`;
    let found = this.#effective.get(key);
    if (!found) {
      const known = this.#clusterOf(cluster);
      found = known ? judgedAccessTo(known, to) : new Map<string, Judged>();
      this.#effective.set(key, found);
    }
    return found;
  }

  /** Policies of others that nobody judges and that touch what may be sent to a workload, or what an API's grants open. */
  othersOf(
    apiRef: string,
    cluster: string,
    to: string,
    requests: RequestSet,
  ): PolicyOfOthers[] {
    const known = this.#clusterOf(cluster);
    if (!known) {
      return [];
    }
    const edges = this.edgesOf(apiRef).filter(edge => edge.to.id === to);
    return mergeOthers([
      ...othersInto(known, to, requests),
      ...othersTouching(
        known,
        edges.map(edge => ({ edge })),
      ),
    ]);
  }

  #clusterOf(cluster: string) {
    return this.snapshot.effectiveClusters.find(({ name }) => name === cluster);
  }

  /** Objects whose rules let a call of the set through, at any layer. */
  openedBy(
    cluster: string,
    from: string,
    to: string,
    requests: RequestSet,
  ): PolicyObject[] {
    const world = this.world(cluster);
    const request = witness(requests);
    if (!world || !request) {
      return [];
    }
    const { protocol, port, method, path, host } = request;
    const { hops } = evaluate(world, {
      from,
      to,
      protocol,
      port,
      ...(method !== undefined && {
        http: { method, path: path ?? '/', host },
      }),
    });
    // A PeerAuthentication opens nothing, and what we generate opens what was declared.
    return hops
      .filter(hop => hop.direction === 'ingress')
      .flatMap(hop => hop.by)
      .filter(({ kind }) => kind !== 'PeerAuthentication')
      .map(({ kind, namespace, name, rule }) => ({
        ...this.objectOf(
          cluster,
          `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
        ),
        rule,
      }))
      .filter(({ file }) => !file?.split('/').pop()?.startsWith('callgate'));
  }

  /** Workloads of an entity. */
  workloadsOf(ref: string): BoundWorkload[] {
    return this.#bindings.get(ref) ?? [];
  }

  /** Entities that stand for a workload, by its id. */
  entitiesOf(cluster: string, workload: string): string[] {
    return [...this.#bindings]
      .filter(([, bound]) =>
        bound.some(
          each => each.cluster === cluster && each.workload.id === workload,
        ),
      )
      .map(([ref]) => ref);
  }

  /** Components that provide an API and count: their owner owns it, or its owner confirmed them. */
  providersOf(apiRef: string): string[] {
    return countedProvidersOf(this.#claimsInput, apiRef);
  }

  /** Components that say in the catalog that they consume an API. */
  consumersOf(apiRef: string): string[] {
    return [...this.#entities]
      .filter(([, entity]) => consumedBy(entity).includes(apiRef))
      .map(([ref]) => ref);
  }

  /** APIs that a component says in the catalog that it consumes. */
  apisConsumedBy(ref: string): string[] {
    return consumedBy(this.entity(ref));
  }

  /** Objects that we generated for an API and that select a workload's pods. */
  generatedObjectsFor(
    cluster: string,
    apiRef: string,
    workload: string,
  ): PolicyObject[] {
    const namespace = workload.split('/')[0];
    const name = apiRef.slice(apiRef.lastIndexOf('/') + 1);
    return this.#objects(cluster)
      .filter(
        ({ object, at }) =>
          object.metadata.namespace === namespace &&
          object.metadata.labels?.['app.kubernetes.io/managed-by'] ===
            'callgate' &&
          at.file.endsWith(`/callgate-${name}.yaml`),
      )
      .map(({ object, at }) => toPolicyObject(cluster, object, at.file));
  }

  /**
   * The object that the core named as `Kind namespace/name`, with its text when the manifests have it.
   *
   * @param group - of the kind, where several groups have kinds of that name
   */
  objectOf(cluster: string, text: string, group?: string): PolicyObject {
    const [kind, rest = ''] = text.split(' ');
    const slash = rest.indexOf('/');
    const namespace = rest.slice(0, Math.max(slash, 0));
    const name = rest.slice(slash + 1);
    const found = this.#objects(cluster).find(
      ({ object }) =>
        object.kind === kind &&
        object.metadata.name === name &&
        (object.metadata.namespace ?? '') === namespace &&
        (group === undefined || object.apiVersion.startsWith(`${group}/`)),
    );
    return found
      ? toPolicyObject(cluster, found.object, found.at.file)
      : { cluster, kind, namespace, name };
  }

  #objects(cluster: string) {
    return this.#clusterOf(cluster)?.objects ?? [];
  }

  get #claimsInput() {
    const { catalog, clusters } = this.snapshot;
    const policies = this.policies().map(policy => ({ policy }));
    return { catalog, clusters, policies };
  }

  get #bindings(): Map<string, BoundWorkload[]> {
    if (!this.#bound) {
      this.#bound = new Map();
      const bindings = Bindings.of(this.#claimsInput);
      for (const ref of this.#entities.keys()) {
        const binding = bindings.of(ref);
        if (binding.kind === 'workloads') {
          this.#bound.set(
            ref,
            binding.workloads.map(workload => ({
              cluster: workload.cluster,
              workload,
            })),
          );
        }
      }
    }
    return this.#bound;
  }
}

function toPolicyObject(
  cluster: string,
  object: { kind: string; metadata: { name: string; namespace?: string } },
  file: string,
): PolicyObject {
  return {
    cluster,
    kind: object.kind,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    file,
    yaml: stringify(object, { lineWidth: 0 }),
  };
}

/** What stands in the catalog need not be text. */
function consumedBy(entity: CatalogEntity | undefined): string[] {
  const listed = entity?.spec?.consumesApis;
  return Array.isArray(listed)
    ? listed.flatMap((each: unknown) =>
        typeof each === 'string'
          ? fullRef(each, 'api', entity?.metadata.namespace)
          : [],
      )
    : [];
}

function fullRef(
  ref: string,
  defaultKind?: string,
  defaultNamespace = 'default',
): string {
  const text =
    ref.includes(':') || !defaultKind ? ref : `${defaultKind}:${ref}`;
  const caller = parseCallerRef(text, defaultNamespace);
  if (caller) {
    return formatCallerRef(caller);
  }
  return text.includes('/') ? text : text.replace(':', `:${defaultNamespace}/`);
}
