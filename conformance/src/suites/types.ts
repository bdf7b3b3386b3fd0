import { Coverage } from '../Coverage';
import { Acceptance } from './Acceptance';
import { EngineVerdict } from '../verdict/EngineVerdicts';
import { Manifest, World, WorldCall } from '../worlds/types';

/** What the engines are asked: calls in a world. */
export interface Question {
  world: World;
  calls: readonly WorldCall[];
  /** Callers with a sidecar show certificates, where else we tell Envoy who they are. */
  byCertificate?: boolean;
}

/** What of the two sides does not agree, with all that is needed to see it again. */
export interface Difference {
  world: World;
  call?: WorldCall;
  /** In words: what Callgate says, and what the engines do. */
  text: string;
}

/** Counts what happens. */
export class Tally extends Map<string, number> {
  note(what: string, times = 1): void {
    this.set(what, (this.get(what) ?? 0) + times);
  }
}

/** What a suite comes to while it runs. */
export class Report {
  readonly notes = new Tally();
  readonly acceptance = new Acceptance();
  readonly differences: Difference[] = [];
  /** Calls that engines judged and Callgate was compared with. */
  judged = 0;

  constructor(readonly coverage: Coverage) {}

  differs(difference: Difference): void {
    this.differences.push(difference);
  }
}

/**
 * One kind of comparison. `M` is what it makes of a seed: everything that it
 * compares, so that a smaller one can be made of it.
 */
export interface Suite<M> {
  name: string;
  /** So many are asked about at once, where each has many questions. */
  batch?: number;
  /** What is left out because it is not here, in words. */
  skipped?: readonly string[];
  /** From a seed; nothing where there is nothing to compare. */
  make(seed: number): M | undefined;
  /** What the engines have to be asked about it. */
  questions(made: M): Question[];
  /** Objects that every engine has to take, because we wrote them. */
  generated?(made: M): readonly Manifest[];
  /** All that we write about it, as text: the API server has to take every object of it. */
  files?(made: M): readonly { path: string; text: string }[];
  /** Compares with one list of answers for each question. */
  compare(
    made: M,
    answers: readonly (readonly EngineVerdict[])[],
    report: Report,
  ): void;
  /** Said when an engine refuses an object, so that there is no answer. */
  refused(made: M, reason: string, report: Report): void;
  /** The same with something left out, the largest parts first. */
  smaller(made: M): Iterable<M>;
  /** What is too little for all that agreed to say anything. */
  concludes?(report: Report): string[];
}

/** What a suite came to. */
export interface SuiteResult {
  name: string;
  worlds: number;
  calls: number;
  differences: readonly Difference[];
  /** What is too little: it fails as a difference does. */
  tooLittle: readonly string[];
  /** What was left out because it is not here. */
  skipped?: readonly string[];
  /** How often something happened that keeps a world or call from being compared, by what it was. */
  notes: ReadonlyMap<string, number>;
}
