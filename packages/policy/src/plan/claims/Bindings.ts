import { Cluster, Workload } from '../../estate/types';
import { Recall } from '../../Recall';
import { Binding } from '../bindEntity';
import { PlanInput } from '../types';
import { EstablishedEnds } from './establishedClaims';
import { OutsideOwners, OutsideTarget } from './outsideOwner';
import { decideOutside, outsideTargets } from './outsideClaims';
import { Declarations } from './providers';
import { Claim, ClaimOwner, ClaimState, OutsideClaim } from './types';
import {
  ClaimedWorkload,
  partsOf,
  WorkloadClaims,
  workloadKey,
} from './WorkloadClaims';

/**
 * What says who is bound to what.
 *
 * @public
 */
export interface ClaimsInput {
  catalog: PlanInput['catalog'];
  clusters: readonly Cluster[];
  /** all declarations: what was approved establishes claims */
  policies: Declarations;
}

const known = new Recall<PlanInput['catalog'], Bindings>();

const undecided = new WeakMap<WorkloadClaims, Bindings>();

/**
 * What the entities of a catalog stand for: the one door. An annotation is a claim, and only claims that hold bind anything.
 *
 * @public
 */
export class Bindings {
  /** Made once for as long as catalog, clusters and what was established among disputed claims are the same. */
  static of({ catalog, clusters, policies }: ClaimsInput): Bindings {
    const sorted = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
    const claims = WorkloadClaims.of(catalog, sorted);
    const outside = outsideOf(claims);
    let ends: EstablishedEnds | undefined;
    const established = () => {
      ends ??= new EstablishedEnds(claims.catalog, policies);
      return ends;
    };
    const ofWorkloads = establishedOn(claims, established);
    const ofOutside = outside.isDisputed
      ? outside.decide(established)
      : outside.undisputed;
    const key = JSON.stringify([
      [...ofWorkloads].sort(),
      [...ofOutside.values()]
        .flat()
        .filter(({ owner }) => owner?.statedBy === 'established')
        .map(({ entity, target, state }) => [entity, target, state]),
    ]);
    return known.get(
      catalog,
      [...partsOf(sorted), key],
      () => new Bindings(claims, ofWorkloads, ofOutside),
    );
  }

  /** The same where no declarations are at hand: what only approvals decide is contested. */
  static undecided({
    catalog,
    clusters,
  }: Pick<ClaimsInput, 'catalog' | 'clusters'>): Bindings {
    const sorted = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
    const claims = WorkloadClaims.of(catalog, sorted);
    let bindings = undecided.get(claims);
    if (!bindings) {
      const { undisputed } = outsideOf(claims);
      bindings = new Bindings(claims, new Set(), undisputed);
      undecided.set(claims, bindings);
    }
    return bindings;
  }

  readonly #bindings = new Map<string, Binding>();

  private constructor(
    private readonly claims: WorkloadClaims,
    private readonly established: ReadonlySet<string>,
    private readonly outside: ReadonlyMap<string, readonly OutsideClaim[]>,
  ) {}

  /** What an entity stands for. */
  of(ref: string): Binding {
    let binding = this.#bindings.get(ref);
    if (!binding) {
      binding = this.#decide(ref);
      this.#bindings.set(ref, binding);
    }
    return binding;
  }

  /** Workloads of an entity whose claims hold or are contested: who may be meant, where that is the careful answer. */
  mayBe(ref: string): Workload[] {
    const claimed = this.claims.bindingOf(ref);
    if (claimed.kind !== 'workloads') return [];
    return claimed.workloads.filter(
      ({ cluster, id }) => this.#claim(ref, cluster, id)?.state !== 'refused',
    );
  }

  /** Whether several entities claim a workload. */
  isShared(cluster: string, workload: string): boolean {
    return (this.claims.on(cluster, workload)?.claimants.length ?? 0) > 1;
  }

  /** Claims on one workload, sorted by entity. */
  on(cluster: string, workload: string): Claim[] {
    const found = this.claims.on(cluster, workload);
    return found
      ? found.claimants.map(({ entity }) => this.#claimOn(found, entity))
      : [];
  }

  /** Every claim on a workload, sorted by cluster, workload and entity. */
  all(): Claim[] {
    return [...this.claims.all()]
      .sort((a, b) =>
        workloadKey(a.workload.cluster, a.workload.id) <
        workloadKey(b.workload.cluster, b.workload.id)
          ? -1
          : 1,
      )
      .flatMap(found =>
        found.claimants.map(({ entity }) => this.#claimOn(found, entity)),
      );
  }

  /** Every claim outside the clusters, sorted by entity. */
  allOutside(): OutsideClaim[] {
    return [...this.outside.values()].flat();
  }

  /** Claimed workloads whose stated owner is no group or user, with where that is said. */
  ownersUnread(): { text: string; workload: string }[] {
    return this.claims.unread;
  }

  #claim(ref: string, cluster: string, id: string): Claim | undefined {
    const found = this.claims.on(cluster, id);
    return found && this.#claimOn(found, ref);
  }

  #decide(ref: string): Binding {
    const claimed = this.claims.bindingOf(ref);
    if (claimed.kind === 'host') {
      const wrong = (this.outside.get(ref) ?? []).filter(
        ({ state }) => state !== 'holds',
      );
      return wrong.length > 0 ? { kind: 'not-held', claims: wrong } : claimed;
    }
    if (claimed.kind !== 'workloads') return claimed;
    const workloads: Workload[] = [];
    const leftOut: Claim[] = [];
    let owned = false;
    for (const workload of claimed.workloads) {
      const found = this.claims.on(workload.cluster, workload.id);
      if (!found) continue;
      const { state, owner } = this.#stateOf(found, ref);
      if (state === 'holds') {
        workloads.push(workload);
        owned ||= owner !== undefined;
      } else leftOut.push(this.#claimOn(found, ref));
    }
    if (leftOut.length === 0) return claimed;
    return workloads.length > 0
      ? { kind: 'workloads', workloads, leftOut, owned }
      : { kind: 'not-held', claims: leftOut };
  }

  #claimOn(found: ClaimedWorkload, ref: string): Claim {
    const { cluster, id } = found.workload;
    return {
      ...this.claims.owners.claimant(ref),
      cluster,
      workload: id,
      claimants: found.claimants,
      ...this.#stateOf(found, ref),
    };
  }

  #stateOf(
    { workload, owner, claimants, isDisputed }: ClaimedWorkload,
    ref: string,
  ): { state: ClaimState; owner?: ClaimOwner } {
    const { owners } = this.claims;
    const own = owners.claimant(ref).owners;
    if (owner) {
      const { ref: stated, statedBy, problem } = owner;
      const holds = problem === undefined && owners.include(own, stated);
      return {
        state: holds ? 'holds' : 'refused',
        owner: { ref: stated, statedBy },
      };
    }
    if (!isDisputed) return { state: 'holds' };
    const key = workloadKey(workload.cluster, workload.id);
    const isEstablished = (entity: string) =>
      this.established.has(`${key} ${entity}`);
    const holders = claimants.filter(({ entity }) => isEstablished(entity));
    if (holders.length === 0) return { state: 'contested' };
    const sharing = isEstablished(ref)
      ? owners.claimant(ref)
      : holders.find(each => each.owners.some(one => own.includes(one)));
    const holder = sharing ?? holders[0];
    return {
      state: sharing ? 'holds' : 'refused',
      owner: {
        ref: holder.owners[0] ?? holder.entity,
        statedBy: 'established',
      },
    };
  }
}

/** Disputed claims through which something was approved: `<cluster> <workload> <entity>`. */
function establishedOn(
  claims: WorkloadClaims,
  established: () => EstablishedEnds,
): Set<string> {
  const found = new Set<string>();
  for (const { workload, claimants } of claims.disputed) {
    const here = established().on(workload);
    for (const { entity } of claimants)
      if (here.has(entity))
        found.add(`${workloadKey(workload.cluster, workload.id)} ${entity}`);
  }
  return found;
}

type Decided = ReadonlyMap<string, readonly OutsideClaim[]>;

interface Outside {
  /** what is claimed, going by what is stated */
  undisputed: Decided;
  /** whether something of it depends on what was approved */
  isDisputed: boolean;
  decide: (established?: () => EstablishedEnds) => Decided;
}

const outsides = new WeakMap<WorkloadClaims, Outside>();

function outsideOf(claims: WorkloadClaims): Outside {
  let outside = outsides.get(claims);
  if (!outside) {
    const targets = new Map<string, OutsideTarget[]>();
    for (const ref of claims.catalog.bindable()) {
      const binding = claims.bindingOf(ref);
      const entity = claims.catalog.get(ref);
      if (binding.kind === 'host' && entity)
        targets.set(ref, outsideTargets(entity, binding.addresses ?? []));
    }
    const stated = new OutsideOwners(claims.clusters);
    const decide: Outside['decide'] = established =>
      decideOutside(targets, claims.owners, stated, established);
    const undisputed = decide();
    outside = {
      undisputed,
      isDisputed: [...undisputed.values()]
        .flat()
        .some(({ state }) => state === 'contested'),
      decide,
    };
    outsides.set(claims, outside);
  }
  return outside;
}
