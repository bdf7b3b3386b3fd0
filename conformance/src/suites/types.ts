import { World, WorldCall } from '../worlds/types';

/** What of the two sides does not agree, with all that is needed to see it again. */
export interface Difference {
  world: World;
  call?: WorldCall;
  /** In words: what Callgate says, and what the engines do. */
  text: string;
}

/** What a suite comes to. */
export interface SuiteResult {
  name: string;
  worlds: number;
  /** Calls that engines judged. */
  calls: number;
  differences: Difference[];
  /** How often something happened that keeps a world or call from being compared, by what it was. */
  notes: ReadonlyMap<string, number>;
}

/** Counts what happens. */
export class Tally extends Map<string, number> {
  note(what: string, times = 1): void {
    this.set(what, (this.get(what) ?? 0) + times);
  }
}
