import { TurnError } from './TurnError';

/**
 * What a turn is for. `decision`: somebody approves or sends; goes first. `page`: a page that shows what a request means
 * now. `preview`, `explanation`: asked with every keystroke, so that only the newest of a person is worth an answer.
 */
export type TurnKind = 'preview' | 'explanation' | 'page' | 'decision';

/** Who wants something worked out. */
export interface Turn {
  kind: TurnKind;
  /** Entity ref of a person. */
  by: string;
  /** Ends it when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** How much is worked out at once. */
export interface TurnLimits {
  /** Turns that run at once, everybody's together. */
  atOnce: number;
  /** Turns of one person that run at once. */
  perPerson: number;
  /** Turns that wait, everybody's together; decisions are not counted. */
  waiting: number;
}

export const DEFAULT_LIMITS: TurnLimits = {
  atOnce: 2,
  perPerson: 1,
  waiting: 100,
};
/** Pages and decisions of one person that wait; of previews and explanations it is one each. */
const WAITING_OF_PERSON = 10;

interface Waiting {
  turn: Turn;
  start: () => Promise<void>;
  refuse: (error: Error) => void;
}

/**
 * Has costly work wait for its turn. People take turns one after the other, however much each of them asks for:
 * nobody's question waits behind more than one of somebody else's.
 */
export class Turns {
  /**
   * Turns that one person takes one after the other, however many people there are: at the door, before anything is
   * asked of anybody for a question that a newer one replaces.
   */
  static byPersonAlone(limits: TurnLimits): Turns {
    return new Turns({ ...limits, atOnce: Infinity });
  }

  /** By person; whose turn it is next comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #runningOf = new Map<string, number>();
  #running = 0;

  constructor(private readonly limits: TurnLimits = DEFAULT_LIMITS) {}

  /**
   * Does the work when it is its turn. The work ends at its next step once the signal says so.
   *
   * @throws ConflictError with code `superseded` where a newer question of the same person took its place;
   * ServiceUnavailableError with code `previews-busy` where too many wait; ConflictError with code `cancelled`
   */
  run<T>(turn: Turn, work: (signal?: AbortSignal) => Promise<T>): Promise<T> {
    if (turn.signal?.aborted) return Promise.reject(TurnError.of('cancelled'));
    this.#supersede(turn);
    if (this.#isFull(turn))
      return Promise.reject(TurnError.of('previews-busy'));
    return new Promise<T>((resolve, reject) => {
      const over = new AbortController();
      const waiting: Waiting = {
        turn,
        start: () => {
          over.abort();
          return work(turn.signal).then(resolve, reject);
        },
        refuse: error => {
          over.abort();
          reject(error);
        },
      };
      const gone = () => {
        this.#remove(waiting);
        reject(TurnError.of('cancelled'));
      };
      // While it runs, the work itself looks at the signal.
      turn.signal?.addEventListener('abort', gone, { signal: over.signal });
      this.#waiting.set(turn.by, [...this.#of(turn.by), waiting]);
      this.#next();
    });
  }

  /** Of what is asked with every keystroke, an older one that still waits is worth nothing. */
  #supersede({ kind, by }: Turn): void {
    if (kind !== 'preview' && kind !== 'explanation') return;
    for (const older of this.#of(by).filter(each => each.turn.kind === kind)) {
      this.#remove(older);
      older.refuse(TurnError.of('superseded'));
    }
  }

  #isFull({ kind, by }: Turn): boolean {
    const own = this.#of(by).filter(each => each.turn.kind === kind);
    if (own.length >= WAITING_OF_PERSON) return true;
    const others = [...this.#waiting.values()]
      .flat()
      .filter(({ turn }) => turn.kind !== 'decision');
    return kind !== 'decision' && others.length >= this.limits.waiting;
  }

  #next(): void {
    while (this.#running < this.limits.atOnce) {
      const next = this.#decision() ?? this.#first();
      if (!next) return;
      this.#begin(next);
    }
  }

  #decision(): Waiting | undefined {
    return [...this.#waiting.values()]
      .flat()
      .find(({ turn }) => turn.kind === 'decision');
  }

  #first(): Waiting | undefined {
    const person = [...this.#waiting.keys()].find(
      by => (this.#runningOf.get(by) ?? 0) < this.limits.perPerson,
    );
    return person === undefined ? undefined : this.#of(person)[0];
  }

  #begin(next: Waiting): void {
    const { by } = next.turn;
    this.#remove(next);
    // Whoever had a turn goes to the end.
    const rest = this.#of(by);
    this.#waiting.delete(by);
    if (rest.length > 0) this.#waiting.set(by, rest);
    this.#count(by, 1);
    next.start().finally(() => {
      this.#count(by, -1);
      this.#next();
    });
  }

  #count(by: string, change: 1 | -1): void {
    this.#running += change;
    const own = (this.#runningOf.get(by) ?? 0) + change;
    if (own > 0) this.#runningOf.set(by, own);
    else this.#runningOf.delete(by);
  }

  #of(by: string): Waiting[] {
    return this.#waiting.get(by) ?? [];
  }

  #remove(waiting: Waiting): void {
    const { by } = waiting.turn;
    const rest = this.#of(by).filter(each => each !== waiting);
    if (rest.length > 0) this.#waiting.set(by, rest);
    else this.#waiting.delete(by);
  }
}
