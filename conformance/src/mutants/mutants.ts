import { Mutant } from './Mutant';
import { OF_ANSWERS, OF_ENDS, OF_WAYS } from './ofAnswers';
import { OF_EMITTERS } from './ofEmitters';
import { OF_EVALUATOR } from './ofEvaluator';
import { OF_IMPORT } from './ofImport';
import { OF_NEIGHBOURS } from './ofNeighbours';
import { OF_PLUMBING } from './ofPlumbing';
import { OF_READING } from './ofReading';

/** Every deliberate fault; conformance has to notice each of them. */
export const MUTANTS: readonly Mutant[] = [
  ...OF_EMITTERS,
  ...OF_PLUMBING,
  ...OF_EVALUATOR,
  ...OF_NEIGHBOURS,
  ...OF_ENDS,
  ...OF_WAYS,
  ...OF_ANSWERS,
  ...OF_READING,
  ...OF_IMPORT,
];
