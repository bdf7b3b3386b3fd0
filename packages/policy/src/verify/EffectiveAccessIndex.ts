import type { Cluster, Workload } from '../estate/types';
import { evaluate } from '../evaluate/evaluate';
import type { Call, Condition, RuleRef } from '../evaluate/types';
import { createWorld, type World } from '../evaluate/World';
import { effectiveAccess, effectiveAccessTo } from '../reach/effectiveAccess';
import { openAt } from '../reach/isolationFlips';
import type { IsolationFlip } from '../reach/types';
import { RequestSet } from '../requestset/RequestSet';
import { outsideClasses, type OutsideClass } from './outsideClasses';

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

/** Effective access of one cluster, asked pair by pair and answered once. */
export class EffectiveAccessIndex {
  readonly #cluster: Cluster;
  readonly #world: World;
  readonly #pairs = new Map<string, EffectivePair>();
  readonly #outside: readonly OutsideClass[];

  /** The index of a cluster; clusters are immutable, so there is one of each. */
  static of(cluster: Cluster): EffectiveAccessIndex {
    const index = known.get(cluster) ?? new EffectiveAccessIndex(cluster);
    known.set(cluster, index);
    return index;
  }

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#world = createWorld([cluster]);
    this.#outside = outsideClasses(cluster);
  }

  /** The pair of two workloads. */
  pair(from: string, to: string): EffectivePair {
    return this.#ask({ from, to }, from, to);
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
    const addresses = this.#outside.map(outside =>
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
    return [...workloads, ...addresses];
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
    const { sure, possible, conditions } = this.#bounds(from, to);
    const pair: EffectivePair = { ...ends, sure, possible, conditions };
    this.#pairs.set(key, pair);
    return pair;
  }

  #bounds(from: string, to: string): Bounds {
    if (!this.#world.resolve(from) || !this.#world.resolve(to)) {
      // A workload that this world does not have can call nothing.
      return NOTHING;
    }
    return effectiveAccess(this.#world, from, to);
  }
}

function isPair(other: Workload, id: string): boolean {
  return other.id !== id || other.replicas === 'many';
}

function ruleText({ kind, namespace, name, rule }: RuleRef): string {
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${path}${rule === undefined ? '' : ` ${rule}`}`;
}
