import { admission } from './admission';
import { application } from './application';
import { certificates } from './certificates';
import { explanation } from './explanation';
import { generation } from './generation';
import { importing } from './importing';
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

/** Every suite by its name, with its share of the calls: some need a world for each call. */
export const SUITES: Record<string, { run: Run; share: number }> = {
  judgement: { run: runOf(judgement), share: 0.36 },
  generation: { run: runOf(generation), share: 0.29 },
  application: { run: runOf(application), share: 0.08 },
  meaning: { run: runOf(meaning), share: 0.24 },
  explanation: { run: runOf(explanation), share: 0.02 },
  // One world has some thousand questions already.
  import: { run: runOf(importing), share: 0.04 },
  // It asks about objects, not calls.
  admission: { run: admission, share: 0.01 },
  certificates: { run: runOf(certificates), share: 0.01 },
};
