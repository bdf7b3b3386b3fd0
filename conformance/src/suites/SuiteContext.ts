import { Coverage } from '../Coverage';
import { EngineVerdicts } from '../verdict/EngineVerdicts';

/** What every suite works with. */
export interface SuiteContext {
  engines: EngineVerdicts;
  coverage: Coverage;
  /** Stop after the first differences. */
  first: boolean;
  /** Told how far a suite is. */
  progress(suite: string, done: number, of: number): void;
}
