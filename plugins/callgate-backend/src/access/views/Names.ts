import { type Namer, parseCallerRef } from '@callgate/policy';
import { titlesOf } from '../../proposals/titles';
import { workloadParts } from '../refParts';
import type { AccessFacts } from './AccessFacts';

/** What is hidden from a reader. */
export interface Hidden {
  hides(ref: string): boolean;
  hidesWorkload(id: string): boolean;
}

const NOTHING_HIDDEN: Hidden = {
  hides: () => false,
  hidesWorkload: () => false,
};

/**
 * How sentences name entities and workloads: by the titles of the catalog. A workload that is nobody's has the name that its
 * manifest gives it, with its namespace.
 */
export class Names implements Namer {
  /** For whoever may see everything, such as readers of the policy repository. */
  static ofAll(facts: AccessFacts): Names {
    return new Names(facts, NOTHING_HIDDEN);
  }

  static of(facts: AccessFacts, hidden: Hidden): Names {
    return new Names(facts, hidden);
  }

  readonly #titleOf: (ref: string) => string;

  private constructor(
    private readonly facts: AccessFacts,
    private readonly hidden: Hidden,
  ) {
    this.#titleOf = titlesOf(facts.snapshot.catalog);
  }

  entity(ref: string): string {
    if (this.hidden.hides(ref)) {
      return 'something you may not see';
    }
    const caller = parseCallerRef(ref, 'default');
    return caller?.kind === 'cidr' ? caller.cidr : this.#titleOf(ref);
  }

  workload(id: string): string {
    if (this.hidden.hidesWorkload(id)) {
      return 'a workload you may not see';
    }
    const refs = this.facts
      .entitiesOn(id)
      .filter(ref => !this.hidden.hides(ref));
    if (refs.length > 0) {
      return refs.map(ref => this.entity(ref)).join(' and ');
    }
    return this.runs(id);
  }

  /** What runs, by the name that its manifest gives it: where an entity is told apart from what it stands for. */
  runs(id: string): string {
    if (this.hidden.hidesWorkload(id)) {
      return 'a workload you may not see';
    }
    const parts = workloadParts(id);
    return parts ? `${parts.name} in ${parts.namespace}` : this.entity(id);
  }
}
