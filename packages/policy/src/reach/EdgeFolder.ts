import { Access, Endpoint, FoldedEdge, FoldedEnd } from './types';

/** So many that are missing from a set are named. */
const MOST_MISSING = 3;

/** Workloads as a set with a name. */
interface WorkloadSet {
  name: string;
  members: readonly number[];
}

/** Groups values by a key, in the order in which they come. */
function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Puts edges together while they come, provider by provider, so that there is never a list of all pairs. */
export class EdgeFolder {
  readonly #names: readonly string[];
  readonly #ids = new Map<readonly Access[], number>();
  readonly #texts = new Map<string, number>();
  readonly #accesses: Access[][] = [];
  readonly #sets = new Map<string, WorkloadSet>();
  #callers = new Map<number, number[]>();
  /** Providers by the set of their callers and what these may send. */
  readonly #folded = new Map<string, number[]>();
  /** Providers by caller and access, where callers are few. */
  readonly #single = new Map<string, number[]>();
  readonly #outside: FoldedEdge[] = [];

  readonly #fewest: number;

  /** @param fewest - fewer workloads than this are written one by one */
  constructor(names: readonly string[], fewest: number) {
    this.#names = names;
    this.#fewest = fewest;
  }

  /** A caller of the provider in hand; nothing where it has no access. */
  add(from: number, access: Access[] | undefined): void {
    if (access) push(this.#callers, this.idOf(access), from);
  }

  /** @param isOne - a provider of one pod is no caller of its own, which does not set it apart */
  endProvider(to: number, isOne: boolean): void {
    for (const [id, callers] of this.#callers) {
      if (callers.length + (isOne ? 1 : 0) >= this.#fewest) {
        const { name } = this.setOf(callers, isOne ? to : undefined);
        push(this.#folded, JSON.stringify([name, id]), to);
      } else {
        for (const from of callers)
          push(this.#single, JSON.stringify([from, id]), to);
      }
    }
    this.#callers = new Map();
  }

  /** What addresses outside may do, and what may be done to them, for every workload in order. */
  addOutside(
    end: Endpoint,
    inward: readonly (Access[] | undefined)[],
    outward: readonly (Access[] | undefined)[],
  ): void {
    const grouped = (list: readonly (Access[] | undefined)[]) => {
      const groups = new Map<number, number[]>();
      list.forEach((access, index) => {
        if (access) push(groups, this.idOf(access), index);
      });
      return [...groups];
    };
    for (const [id, members] of grouped(inward))
      for (const to of this.ends(members))
        this.#outside.push({ from: end, to, access: this.#accesses[id] });
    for (const [id, members] of grouped(outward))
      for (const from of this.ends(members))
        this.#outside.push({ from, to: end, access: this.#accesses[id] });
  }

  finish(): { edges: FoldedEdge[]; sets: Record<string, string[]> } {
    const edges: FoldedEdge[] = [];
    for (const [key, providers] of this.#folded) {
      const [set, id] = JSON.parse(key) as [string, number];
      for (const to of this.ends(providers))
        edges.push({ from: { set }, to, access: this.#accesses[id] });
    }
    for (const [key, providers] of this.#single) {
      const [from, id] = JSON.parse(key) as [number, number];
      for (const to of this.ends(providers))
        edges.push({ from: this.#names[from], to, access: this.#accesses[id] });
    }
    for (const edge of this.#outside) edges.push(edge);
    const sets: Record<string, string[]> = {};
    for (const { name, members } of this.#sets.values())
      sets[name] = members.map(index => this.#names[index]);
    return { edges, sets };
  }

  /** One set where they are many, else each of them. */
  private ends(members: readonly number[]): FoldedEnd[] {
    return members.length >= this.#fewest
      ? [{ set: this.setOf(members).name }]
      : members.map(index => this.#names[index]);
  }

  private idOf(access: Access[]): number {
    const same = this.#ids.get(access);
    if (same !== undefined) return same;
    const text = JSON.stringify(access);
    let id = this.#texts.get(text);
    if (id === undefined) {
      id = this.#accesses.length;
      this.#texts.set(text, id);
      this.#accesses.push(access);
      this.#ids.set(access, id);
    }
    return id;
  }

  private setOf(members: readonly number[], self?: number): WorkloadSet {
    const own = [...members].sort((a, b) => a - b);
    const whole =
      self === undefined || own.includes(self)
        ? own
        : [...own, self].sort((a, b) => a - b);
    const known = this.#sets.get(whole.join()) ?? this.#sets.get(own.join());
    if (known) return known;
    const made = { name: this.nameOf(whole), members: whole };
    this.#sets.set(whole.join(), made);
    return made;
  }

  private nameOf(members: readonly number[]): string {
    const missing = this.#names.length - members.length;
    if (missing === 0) return 'everybody';
    if (missing > MOST_MISSING) return `set ${this.#sets.size + 1}`;
    const has = new Set(members);
    return `everybody but ${this.#names
      .filter((_, index) => !has.has(index))
      .join(', ')}`;
  }
}
