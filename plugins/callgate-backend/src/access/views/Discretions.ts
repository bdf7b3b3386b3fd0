import { type CallerCredentials, subjectOf } from '../../services';
import type { AccessFacts } from './AccessFacts';
import { Discretion } from './Discretion';
import type { Labels } from './Labels';

/** As long as a page may show what was read before. */
const MAX_AGE_MS = 10_000;

interface Known {
  at: number;
  discretion: Promise<Discretion>;
}

/**
 * Who may not be told what. The catalog is asked once for everything that a snapshot has, and the answer serves a reader
 * for a few seconds: a form that asks with every keystroke does not ask it each time.
 */
export class Discretions {
  readonly #known = new WeakMap<AccessFacts, Map<string, Known>>();

  constructor(
    private readonly labels: Labels,
    private readonly now: () => number = Date.now,
  ) {}

  async of(
    facts: AccessFacts,
    credentials: CallerCredentials,
  ): Promise<Discretion> {
    const readers = this.#known.get(facts) ?? new Map<string, Known>();
    this.#known.set(facts, readers);
    const reader = subjectOf(credentials);
    const known = readers.get(reader);
    const at = this.now();
    if (known && at - known.at < MAX_AGE_MS) {
      return known.discretion;
    }
    const discretion = this.#ask(facts, credentials);
    readers.set(reader, { at, discretion });
    discretion.catch(() => readers.delete(reader));
    return discretion;
  }

  async #ask(
    facts: AccessFacts,
    credentials: CallerCredentials,
  ): Promise<Discretion> {
    const refs = Discretion.concealable(facts);
    const hidden = await this.labels.label(credentials, labelOf =>
      refs.filter(ref => labelOf(ref).state === 'hidden'),
    );
    return Discretion.of(facts, hidden);
  }
}
