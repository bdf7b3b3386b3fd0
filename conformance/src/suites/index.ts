import { generation } from './generation';
import { judgement } from './judgement';
import { meaning } from './meaning';
import { runSuite } from './runSuite';
import { Limit, SuiteContext } from './SuiteContext';
import { Suite, SuiteResult } from './types';

type Run = (
  context: SuiteContext,
  seed: number,
  limit: Limit,
) => Promise<SuiteResult>;

const runOf =
  <M>(suite: Suite<M>): Run =>
  (context, seed, limit) =>
    runSuite(suite, context, seed, limit);

/** Every suite by its name. */
export const SUITES: Record<string, Run> = {
  judgement: runOf(judgement),
  generation: runOf(generation),
  meaning: runOf(meaning),
};
