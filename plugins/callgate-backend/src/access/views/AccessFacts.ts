import {
  type AccessDifference,
  type AccessInput,
  accessOf,
  type AccessPolicy,
  accessTo,
  type ApiAccessAnswer,
  apiProviders,
  type ApiServicePort,
  apiServicePorts,
  type AskedCall,
  Bindings,
  type CallerAccessAnswer,
  type CatalogEntity,
  countedProvidersOf,
  type Edge,
  entityRefOf,
  explainAccess,
  type ExplainedAccess,
  type Finding,
  groupOf,
  type Steps,
  verify,
  type VerifyResult,
  type Workload,
} from '@callgate/policy';
import type { PolicyObject } from '@callgate/plugin-callgate-common';
import { stringify } from 'yaml';
import { keepsFromKnowing } from '../../proposals/keepsFromKnowing';
import type { ParsedPolicy } from '../../proposals/readPolicies';
import type { Snapshot } from '../../proposals/types';

/** What tells an object of a cluster from others. */
export interface ObjectName {
  kind: string;
  /** Of the kind, where several groups have kinds of that name. */
  group?: string;
  namespace?: string;
  name: string;
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
  readonly #answers = new Map<string, ApiAccessAnswer>();
  readonly #callers = new Map<string, CallerAccessAnswer>();
  readonly #providers = new Map<string, ReturnType<typeof apiProviders>>();
  readonly #asked: AccessInput;

  private constructor(readonly snapshot: Snapshot) {
    for (const entity of snapshot.catalog) {
      this.#entities.set(entityRefOf(entity), entity);
    }
    const verified = () => this.verified;
    this.#asked = {
      catalog: snapshot.catalog,
      policies: this.policies().map(policy => ({ policy })),
      clusters: snapshot.effectiveClusters,
      compilation: snapshot.compilation,
      // Not before somebody asks.
      get verified() {
        return verified();
      },
    };
  }

  /** Who can call an API. */
  accessTo(apiRef: string): ApiAccessAnswer {
    return remembered(this.#answers, apiRef, () =>
      accessTo(this.#asked, apiRef),
    );
  }

  /** What an entity may call. */
  accessOf(callerRef: string): CallerAccessAnswer {
    return remembered(this.#callers, callerRef, () =>
      accessOf(this.#asked, callerRef),
    );
  }

  /** Workloads that provide an API, with what of them is the API's. */
  workloadsOfApi(apiRef: string): ReturnType<typeof apiProviders> {
    return remembered(this.#providers, apiRef, () =>
      apiProviders(this.#asked, apiRef),
    );
  }

  entity(ref: string): CatalogEntity | undefined {
    return this.#entities.get(ref);
  }

  /** The API's declaration, when it has one that parses. */
  policyOf(apiRef: string): AccessPolicy | undefined {
    return this.snapshot.policies.find(
      ({ policy }) => policy?.spec.api === apiRef,
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

  /** What is open towards a workload of the API without a grant. */
  surplusOf(apiRef: string): AccessDifference[] {
    return [
      ...this.verified.surplusOurs,
      ...this.verified.surplusForeign,
    ].filter(({ apis }) => apis.includes(apiRef));
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

  /** Why a call is allowed or refused, from pair to pair of workloads. */
  explainAccess(call: AskedCall): Steps<ExplainedAccess> {
    return explainAccess(this.#asked, call);
  }

  /** Ports of the Services that lead to an API: what callers know. */
  servicePortsOf(apiRef: string): ApiServicePort[] {
    return apiServicePorts(this.#asked, apiRef);
  }

  /** Workloads of an entity. */
  workloadsOf(ref: string): readonly Workload[] {
    const binding = this.#bindings.of(ref);
    return binding.kind === 'workloads' ? binding.workloads : [];
  }

  /** Entities that stand for a workload of that id in any cluster. */
  entitiesOn(workload: string): readonly string[] {
    return [
      ...new Set(
        this.snapshot.clusters.flatMap(({ name }) =>
          this.entitiesOf(name, workload),
        ),
      ),
    ].sort();
  }

  /** Entities that stand for a workload, by its id. */
  entitiesOf(cluster: string, workload: string): string[] {
    return this.#bindings
      .on(cluster, workload)
      .filter(({ state }) => state === 'holds')
      .map(({ entity }) => entity);
  }

  /** Components that provide an API and count: their owner owns it, or its owner confirmed them. */
  providersOf(apiRef: string): string[] {
    return countedProvidersOf(this.#claimsInput, apiRef);
  }

  /** An object with its text, when the manifests have it. */
  object(cluster: string, named: ObjectName): PolicyObject {
    const { kind, group, namespace = '', name } = named;
    const found = this.#objects(cluster).find(
      ({ object }) =>
        object.kind === kind &&
        object.metadata.name === name &&
        (object.metadata.namespace ?? '') === namespace &&
        (group === undefined || groupOf(object) === group),
    );
    return found
      ? toPolicyObject(cluster, found.object, found.at.file)
      : { cluster, kind, namespace, name };
  }

  #objects(cluster: string) {
    const { effectiveClusters } = this.snapshot;
    return (
      effectiveClusters.find(({ name }) => name === cluster)?.objects ?? []
    );
  }

  get #claimsInput() {
    const { catalog, clusters } = this.snapshot;
    const policies = this.policies().map(policy => ({ policy }));
    return { catalog, clusters, policies };
  }

  get #bindings(): Bindings {
    return Bindings.of(this.#claimsInput);
  }
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
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
