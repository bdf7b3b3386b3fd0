import { generation } from './generation';
import { judgement } from './judgement';
import { meaning } from './meaning';
import { SuiteContext } from './SuiteContext';
import { SuiteResult } from './types';

/** Every suite by its name. */
export const SUITES: Record<
  string,
  (context: SuiteContext, seed: number, calls: number) => Promise<SuiteResult>
> = { judgement, generation, meaning };
