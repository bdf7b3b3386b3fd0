import { OutOfWorkError, TooComplexError, charge, stepsTaken } from './budget';
import { Cache } from './Cache';

interface Outcome<T> {
  answer: T | TooComplexError;
  /** Steps that the answer took. */
  steps: number;
}

/**
 * Answers of an operation, by its operands. An answer that is remembered costs
 * the steps that it took the first time: whether a question is within the
 * budget depends on the question, never on what was asked before. That there
 * is no answer is remembered, too.
 */
export class Memo<T> {
  readonly #outcomes: Cache<Outcome<T>>;

  constructor(size: (answer: T) => number, capacity?: number) {
    this.#outcomes = new Cache(
      ({ answer }) => (answer instanceof TooComplexError ? 1 : size(answer)),
      capacity,
    );
  }

  get(key: string, answer: () => T): T {
    let outcome = this.#outcomes.get(key);
    if (outcome) {
      charge(outcome.steps);
    } else {
      const before = stepsTaken();
      const found = attempt(answer);
      outcome = { answer: found, steps: stepsTaken() - before };
      this.#outcomes.set(key, outcome);
    }
    if (outcome.answer instanceof TooComplexError) throw outcome.answer;
    return outcome.answer;
  }
}

/** The answer, or that there is none. Running out of steps is the asker's matter. */
function attempt<T>(answer: () => T): T | TooComplexError {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof TooComplexError) || error instanceof OutOfWorkError)
      throw error;
    return error;
  }
}
