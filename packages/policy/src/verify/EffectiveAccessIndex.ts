import { originOf } from '../estate/amendCluster';
import type { Cluster, Workload } from '../estate/types';
import { evaluate } from '../evaluate/evaluate';
import type { Call, Condition } from '../evaluate/types';
import { createWorld, type World } from '../evaluate/World';
import { effectiveAccess, effectiveAccessTo } from '../reach/effectiveAccess';
import { touchedEnds, type TouchedEnds } from '../reach/touchedEnds';
import { openAt } from '../reach/isolationFlips';
import type { IsolationFlip } from '../reach/types';
import { AddressSet } from '../net/AddressSet';
import { withModelledRules, withoutUnjudged } from '../others/setAside';
import { PairRecall } from '../Recall';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { outsideClasses, type OutsideClass } from './outsideClasses';
import { ruleText } from './ruleText';

/** What one end may do with another, whatever anybody declared. */
export interface EffectivePair {
  /** Workload id, or CIDRs joined by blanks where `outside` says `from`. */
  from: string;
  to: string;
  /** Set where one end is outside the estate. */
  outside?: OutsideClass & { end: 'from' | 'to' };
  /** Surely allowed: a subset of `possible`. */
  sure: RequestSet;
  possible: RequestSet;
  conditions: readonly Condition[];
}

type Bounds = Pick<EffectivePair, 'sure' | 'possible' | 'conditions'>;

const NOTHING: Bounds = {
  sure: RequestSet.empty,
  possible: RequestSet.empty,
  conditions: [],
};

const known = new WeakMap<Cluster, EffectiveAccessIndex>();

/** By the cluster with all policies in it. */
const settled = new WeakMap<Cluster, EffectiveAccessIndex>();

/** The index that others of clusters with the same origin are compared with. */
const roots = new WeakMap<Cluster, EffectiveAccessIndex>();

/** Above this part of all workloads that differ, an index starts anew. */
const MOST_TOUCHED = 1 / 4;

const NOBODY: TouchedEnds = {
  ingress: new Set(),
  egress: new Set(),
  mesh: new Set(),
};

const touches = new PairRecall<World, World, TouchedEnds | undefined>();

/** Texts name policies, so that another name is a difference as well. */
function touchedBetween(before: World, after: World): TouchedEnds | undefined {
  return touches.get(before, after, () =>
    touchedEnds(before, after, 'by-name'),
  );
}

/** An index of the same workloads, and those about which other policies differ. */
interface Root {
  index: EffectiveAccessIndex;
  touched: TouchedEnds;
}

/** Effective access of one cluster, asked pair by pair and answered once. */
export class EffectiveAccessIndex {
  readonly #cluster: Cluster;
  readonly #world: World;
  readonly #pairs = new Map<string, EffectivePair>();
  readonly #outside: readonly OutsideClass[];
  readonly #root: Root | undefined;
  /** Set where rules of others are set aside that may refuse surely as well: the same cluster with them. */
  readonly #whole: EffectiveAccessIndex | undefined;

  /**
   * The index of a cluster as if policies of others that nobody judges changed nothing: what access comes to but for them. What
   * they surely refuse all the same is refused. It is the index of the cluster where there are none.
   */
  static settled(cluster: Cluster): EffectiveAccessIndex {
    const without = withoutUnjudged(cluster);
    if (without === cluster) return EffectiveAccessIndex.of(cluster);
    let index = settled.get(cluster);
    if (!index) {
      EffectiveAccessIndex.of(without);
      const root = roots.get(originOf(without));
      // Kinds that are not modelled refuse nothing surely, and under a filter that may open more nothing else does.
      const whole = withModelledRules(cluster);
      index = new EffectiveAccessIndex(
        without,
        root,
        whole && EffectiveAccessIndex.of(whole),
      );
      settled.set(cluster, index);
    }
    return index;
  }

  /**
   * The index of a cluster; clusters are immutable, so there is one of each.
   * What an earlier index knows of workloads about which no policy has changed
   * since is not asked again.
   */
  static of(cluster: Cluster): EffectiveAccessIndex {
    let index = known.get(cluster);
    if (!index) {
      const root = roots.get(originOf(cluster));
      index = new EffectiveAccessIndex(cluster, root);
      if (!index.#root) roots.set(originOf(cluster), index);
      known.set(cluster, index);
    }
    return index;
  }

  private constructor(
    cluster: Cluster,
    root?: EffectiveAccessIndex,
    whole?: EffectiveAccessIndex,
  ) {
    this.#cluster = cluster;
    this.#whole = whole;
    this.#world = root
      ? root.#world.amended([cluster])
      : createWorld([cluster]);
    this.#outside = outsideClasses(cluster);
    const touched = root && touchedBetween(root.#world, this.#world);
    if (touched && isFew(touched, cluster))
      this.#root = { index: root, touched };
  }

  /**
   * Workloads about which policies differ from those of another index;
   * `undefined` where everything may.
   */
  touchedSince(other: EffectiveAccessIndex): TouchedEnds | undefined {
    if (other === this) return NOBODY;
    const isSame =
      other.#outside.map(({ cidrs }) => cidrs.join()).join('\n') ===
      this.#outside.map(({ cidrs }) => cidrs.join()).join('\n');
    const touched = isSame
      ? touchedBetween(other.#world, this.#world)
      : undefined;
    const [was, is] = [other.#whole, this.#whole];
    if (!touched || (!was && !is)) return touched;
    const around = was && is?.touchedSince(was);
    return around && united(touched, around);
  }

  /** The cluster, ready for questions about single calls. */
  get world(): World {
    return this.#world;
  }

  /** The pair of two workloads. */
  pair(from: string, to: string): EffectivePair {
    return this.#ask({ from, to }, from, to);
  }

  /** The pair of two workloads, as {@link into} and {@link outOf} list it: a pod's way to itself is none. */
  between(from: string, to: string): EffectivePair[] {
    const [caller, provider] = [from, to].map(id =>
      this.#world.parties.get(id),
    );
    return caller && provider && isPair(provider.workload, from)
      ? [this.pair(from, to)]
      : [];
  }

  /** The same pair as another world has it. */
  like({ from, to, outside }: EffectivePair): EffectivePair {
    return this.#ask(
      { from, to, ...(outside && { outside }) },
      outside?.end === 'from' ? outside.example : from,
      outside?.end === 'to' ? outside.example : to,
    );
  }

  /** Everyone who may call a workload; not a pod itself. */
  into(to: string): EffectivePair[] {
    const workloads = this.#world.resolve(to)
      ? [...effectiveAccessTo(this.#world, to).keys()].map(from =>
          this.pair(from, to),
        )
      : [];
    const addresses = this.#outside.map(outside =>
      this.#ask(
        {
          from: outside.cidrs.join(' '),
          to,
          outside: { ...outside, end: 'from' },
        },
        outside.example,
        to,
      ),
    );
    return [...workloads, ...addresses];
  }

  /** The access of a workload to everything; not of a pod to itself. */
  outOf(from: string): EffectivePair[] {
    const workloads = this.#cluster.workloads
      .filter(workload => isPair(workload, from))
      .map(({ id }) => this.pair(from, id));
    return [...workloads, ...this.#toClasses(from, this.#outside)];
  }

  /** The access of a workload to some addresses outside, one pair for all that policies treat alike. */
  toOutside(from: string, cidrs: readonly string[]): EffectivePair[] {
    const asked = AddressSet.ofCidrs(cidrs);
    return this.#toClasses(
      from,
      this.#outside.filter(each =>
        AddressSet.ofCidrs(each.cidrs).overlaps(asked),
      ),
    );
  }

  #toClasses(from: string, classes: readonly OutsideClass[]): EffectivePair[] {
    return classes.map(outside =>
      this.#ask(
        {
          from,
          to: outside.cidrs.join(' '),
          outside: { ...outside, end: 'to' },
        },
        from,
        outside.example,
      ),
    );
  }

  /** What one layer of a workload leaves open to anybody, or to any identity. */
  openTo(
    workload: string,
    direction: IsolationFlip['direction'],
    layer: IsolationFlip['layer'],
  ): RequestSet {
    const party = this.#world.resolve(workload);
    return party?.kind === 'workload'
      ? openAt(this.#world, party, direction, layer)
      : RequestSet.empty;
  }

  /** The objects with the rules that allow or refuse a call, sorted. */
  decidedBy(call: Call, verdict: 'allow' | 'deny'): string[] {
    const { hops } = evaluate(this.#world, call);
    const deciding = hops.filter(hop =>
      verdict === 'allow' ? hop.verdict !== 'deny' : hop.verdict !== 'allow',
    );
    return [...new Set(deciding.flatMap(({ by }) => by.map(ruleText)))].sort();
  }

  #ask(
    ends: Pick<EffectivePair, 'from' | 'to' | 'outside'>,
    from: string,
    to: string,
  ): EffectivePair {
    const key = `${ends.from}\n${ends.to}`;
    const answered = this.#pairs.get(key);
    if (answered) {
      return answered;
    }
    const own = this.#isUntouched(ends)
      ? this.#root!.index.#ask(ends, from, to)
      : { ...ends, ...this.#bounds(from, to) };
    const pair = this.#whole
      ? within(own, this.#whole.#ask(ends, from, to).possible)
      : own;
    this.#pairs.set(key, pair);
    return pair;
  }

  #isUntouched({ from, to }: Pick<EffectivePair, 'from' | 'to'>): boolean {
    if (!this.#root) return false;
    const { ingress, egress, mesh } = this.#root.touched;
    return !egress.has(from) && !ingress.has(to) && !mesh.has(to);
  }

  #bounds(from: string, to: string): Bounds {
    if (!this.#world.resolve(from) || !this.#world.resolve(to)) {
      // A workload that this world does not have can call nothing.
      return NOTHING;
    }
    const { sure, possible, conditions } = effectiveAccess(
      this.#world,
      from,
      to,
    );
    return { sure, possible, conditions };
  }
}

/** What of a pair a set admits. */
function within(pair: EffectivePair, admitted: RequestSet): EffectivePair {
  return answerOr(
    () => {
      const sure = pair.sure.intersect(admitted);
      const possible = pair.possible.intersect(admitted);
      const conditions = sure.equals(possible) ? [] : pair.conditions;
      return { ...pair, sure, possible, conditions };
    },
    () => ({
      ...pair,
      sure: RequestSet.empty,
      conditions: [
        ...pair.conditions,
        {
          kind: 'too-complex',
          text: 'The policies on the way have more patterns than can be decided together.',
        },
      ],
    }),
  );
}

function united(a: TouchedEnds, b: TouchedEnds): TouchedEnds {
  const all = (way: keyof TouchedEnds) => new Set([...a[way], ...b[way]]);
  return { ingress: all('ingress'), egress: all('egress'), mesh: all('mesh') };
}

function isFew(
  { ingress, egress, mesh }: TouchedEnds,
  { workloads }: Cluster,
): boolean {
  const touched = ingress.size + egress.size + mesh.size;
  return touched <= Math.max(16, workloads.length * MOST_TOUCHED);
}

function isPair(other: Workload, id: string): boolean {
  return other.id !== id || other.replicas === 'many';
}
