import { Bounds } from '../evaluate/networkpolicy/kernel';
import { Condition } from '../evaluate/types';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';

const TOO_COMPLEX: Condition = {
  kind: 'too-complex',
  text: 'The patterns before and after are more than can be compared exactly: all of the access is shown.',
};

/** All of it may be different, and none of it surely is. */
function undecided({ possible, conditions }: Bounds): Bounds {
  return {
    sure: RequestSet.empty,
    possible,
    conditions: [...conditions, TOO_COMPLEX],
  };
}

/** What is in the first and not in the second, surely or possibly. */
export function minus(a: Bounds, b: Bounds): Bounds {
  return answerOr(
    () => {
      const sure = a.sure.subtract(b.sure);
      return {
        sure,
        possible: sure.union(a.possible.subtract(b.possible)),
        conditions: a.conditions,
      };
    },
    () => undecided(a),
  );
}

/** Bounds without what is shown elsewhere already. */
export function without(bounds: Bounds, shown: RequestSet): Bounds {
  return answerOr(
    () => ({
      sure: bounds.sure.subtract(shown),
      possible: bounds.possible.subtract(shown),
      conditions: bounds.conditions,
    }),
    () => undecided(bounds),
  );
}

/** The union, or nothing where it cannot be told: then nothing counts as shown already. */
export function joined(a: RequestSet, b: RequestSet): RequestSet {
  return answerOr(
    () => a.union(b),
    () => RequestSet.empty,
  );
}

/** The pair with what its part rests on where that could not be told exactly. */
export function withReason<T extends Bounds>(pair: T, part: Bounds): T {
  return part.conditions.includes(TOO_COMPLEX)
    ? { ...pair, conditions: [...pair.conditions, TOO_COMPLEX] }
    : pair;
}
