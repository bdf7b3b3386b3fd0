import { Coverage } from '../Coverage';
import { EngineVerdicts } from '../verdict/EngineVerdicts';

/** What every suite works with. */
export interface SuiteContext {
  engines: EngineVerdicts;
  coverage: Coverage;
  /** Told how far a suite is. */
  progress(suite: string, done: number, of: number): void;
}
