import { withoutGenerated } from '../compile/generatedObjects';
import { isGenerated } from '../plan/foreignPolicies';
import { selectedBy } from '../compile/inForce';
import { contractOf } from '../contract';
import type { Contract } from '../contract/types';
import { API_KEY } from '../emit';
import type { Cluster, Workload } from '../estate/types';
import { fenced } from '../fence';
import { formatCallerRef, parseCallerRef } from '../model/callerRef';
import type { AccessPolicy } from '../model/types';
import { CatalogIndex, refsOf } from '../plan/CatalogIndex';
import { Bindings } from '../plan/claims/Bindings';
import { countedProvidersOf } from '../plan/claims/countedProvidersOf';
import { edgesOfApi } from '../plan/lookups';
import type { Edge } from '../plan/types';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { KeptAccess } from '../verify/KeptAccess';
import type { VerifyResult } from '../verify/types';
import { verify } from '../verify/verify';
import type { AccessInput } from './types';

const known = new WeakMap<AccessInput['compilation'], AccessBook>();

/** What one moment says, looked up once and kept. */
export class AccessBook {
  /** The book of a compilation; clusters and catalog are those that it was made of. */
  static of(input: AccessInput): AccessBook {
    const book = known.get(input.compilation);
    if (book && isSame(book.input, input)) return book;
    const made = new AccessBook(input);
    known.set(input.compilation, made);
    return made;
  }

  readonly catalog: CatalogIndex;
  readonly #bindings: Bindings;
  readonly #policies = new Map<string, AccessPolicy>();
  readonly #clusters: ReadonlyMap<string, Cluster>;
  #verified: VerifyResult | undefined;
  #apis: Map<string, string[]> | undefined;

  private constructor(readonly input: AccessInput) {
    const { catalog, clusters, policies } = input;
    this.catalog = CatalogIndex.of(catalog);
    this.#bindings = Bindings.of({
      catalog,
      clusters: clusters.map(withoutGenerated),
      policies,
    });
    this.#clusters = new Map(clusters.map(each => [each.name, each]));
    for (const { policy } of policies) {
      const { api } = policy.spec;
      if (!this.#policies.has(api)) this.#policies.set(api, policy);
    }
  }

  get compilation() {
    return this.input.compilation;
  }

  get verified(): VerifyResult {
    const { compilation, clusters, verified } = this.input;
    this.#verified ??=
      verified ??
      verify({
        plan: compilation.plan,
        clusters,
        failedApis: compilation.failedApis.map(({ api }) => api),
        kept: compilation.kept,
      });
    return this.#verified;
  }

  cluster(name: string): Cluster | undefined {
    return this.#clusters.get(name);
  }

  /** As if policies of others that nobody judges changed nothing: they are told beside the answer. */
  effective(cluster: Cluster): EffectiveAccessIndex {
    return EffectiveAccessIndex.settled(cluster);
  }

  declared(cluster: Cluster): DeclaredAccess {
    return DeclaredAccess.of(this.compilation.plan, cluster);
  }

  kept(cluster: Cluster): KeptAccess {
    return KeptAccess.of(this.compilation.kept, cluster);
  }

  policyOf(api: string): AccessPolicy | undefined {
    return this.#policies.get(api);
  }

  /** The caller of a grant as it is meant, in full. */
  callerOf(policy: AccessPolicy, caller: string): string {
    const parsed = parseCallerRef(caller, policy.metadata.namespace);
    return parsed ? formatCallerRef(parsed) : caller;
  }

  contractOf(api: string): Contract {
    return contractOf(this.catalog.get(api), api);
  }

  edgesOf(api: string): readonly Edge[] {
    return edgesOfApi(this.compilation.plan.edges, api);
  }

  /** Workloads of an entity, whose claim on them holds. */
  workloadsOf(ref: string): readonly Workload[] {
    const binding = this.#bindings.of(ref);
    return binding.kind === 'workloads' ? binding.workloads : [];
  }

  /** Blocks of addresses that an entity stands for; none of what is known by its name alone, or is in a cluster. */
  addressesOf(ref: string): readonly string[] {
    const binding = this.#bindings.of(ref);
    return binding.kind === 'host' ? binding.addresses ?? [] : [];
  }

  /** Whether an entity stands for something at addresses or hosts that no cluster has. */
  isOutside(ref: string): boolean {
    return this.#bindings.of(ref).kind === 'host';
  }

  /** Entities whose claim on a workload holds, sorted. */
  entitiesOf(cluster: string, workload: string): string[] {
    return this.#bindings
      .on(cluster, workload)
      .filter(({ state }) => state === 'holds')
      .map(({ entity }) => entity);
  }

  /** APIs that the catalog says an entity consumes, sorted. */
  consumedBy(ref: string): string[] {
    const entity = this.catalog.get(ref);
    return entity
      ? [...refsOf(entity, 'consumesApis', 'consumesApi', 'api')].sort()
      : [];
  }

  /** Components that provide an API and count. */
  providersOf(api: string): string[] {
    return countedProvidersOf(this.input, api);
  }

  /** Every API of the catalog, and every one with a declaration, sorted. */
  apis(): string[] {
    const listed = this.catalog.apis();
    return [...new Set([...listed, ...this.#policies.keys()])].sort();
  }

  /** APIs that a workload provides, sorted. */
  apisOn(cluster: string, workload: string): readonly string[] {
    if (!this.#apis) {
      this.#apis = new Map();
      for (const api of this.apis())
        for (const provider of this.providersOf(api))
          for (const each of this.workloadsOf(provider)) {
            const key = `${each.cluster} ${each.id}`;
            this.#apis.set(key, [...(this.#apis.get(key) ?? []), api]);
          }
    }
    return this.#apis.get(`${cluster} ${workload}`) ?? [];
  }

  /**
   * Objects that are generated for an API and about a workload, by what they say themselves: their label, their annotation
   * and their selector. Those of a waypoint name a Service instead.
   */
  objectsFor(api: string, cluster: Cluster, workload: Workload) {
    return cluster.objects.filter(({ object }) => {
      const { annotations, namespace } = object.metadata;
      if (!isGenerated(object) || annotations?.[API_KEY] !== api) return false;
      // Whoever writes its label on an object of theirs writes its selector, too.
      const selected = fenced(
        () => selectedBy(object, cluster),
        () => ({ direction: 'ingress' as const, workloads: [] }),
      );
      return selected
        ? selected.direction === 'ingress' &&
            selected.workloads.some(({ id }) => id === workload.id)
        : namespace === workload.namespace;
    });
  }
}

function isSame(one: AccessInput, other: AccessInput): boolean {
  return (
    one.catalog === other.catalog &&
    one.clusters === other.clusters &&
    one.policies === other.policies
  );
}
