/**
 * Automata beyond this many states are given up: bounded time and memory
 * before anything else. A list of paths needs at most one state for each
 * character that it does not share with another from the beginning, so that
 * this covers an API of 4,000 operations whose paths differ in 25 characters.
 */
export const STATE_BUDGET = 100_000;

/** More parts than this, by method or by host, are given up. */
export const PART_BUDGET = 1_000;

/**
 * Steps that one question may take: states of automata and pairs of parts on
 * the way to the answer, intermediate ones too.
 */
export const WORK_BUDGET = 1_000_000;

/**
 * Raised when an exact answer would need more than the budget.
 *
 * @public
 */
export class TooComplexError extends Error {
  constructor(need: string) {
    super(`a set of requests needs ${need}`);
    this.name = 'TooComplexError';
  }
}

/** A question took too many steps. The operation in which it ran out of them may be harmless. */
export class OutOfWorkError extends TooComplexError {
  constructor() {
    super('more steps than are left');
  }
}

export function tooManyStates(): TooComplexError {
  return new TooComplexError(
    `an automaton of more than ${STATE_BUDGET} states`,
  );
}

let taken = 0;
let limit = Infinity;

/** Steps that were taken or, where an answer was remembered, would have been. */
export function stepsTaken(): number {
  return taken;
}

/**
 * Counts steps.
 *
 * @throws OutOfWorkError when the question that is being answered has used up its budget.
 */
export function charge(steps: number): void {
  taken += steps;
  if (taken > limit) throw new OutOfWorkError();
}

/**
 * Answers a question within the budget; inside of another one, within what
 * that has left.
 *
 * @throws TooComplexError when the budget of this question is not enough.
 * @throws OutOfWorkError when the one around it has less left and that is not enough.
 */
export function withinWork<T>(answer: () => T, work = WORK_BUDGET): T {
  const outer = limit;
  const own = taken + work;
  limit = Math.min(outer, own);
  try {
    return answer();
  } catch (error) {
    if (error instanceof OutOfWorkError && own <= outer)
      throw new TooComplexError(`more than ${work} steps`);
    throw error;
  } finally {
    limit = outer;
  }
}

/** The answer, or what to say where it would need more than the budget. */
export function answerOr<T>(answer: () => T, otherwise: () => T): T {
  try {
    return withinWork(answer);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    return otherwise();
  }
}
