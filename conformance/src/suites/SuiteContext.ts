import { Coverage } from '../Coverage';
import { ApiServer } from '../engines/ApiServer';
import { EngineVerdicts } from '../verdict/EngineVerdicts';

/** What every suite works with. */
export interface SuiteContext {
  engines: EngineVerdicts;
  apiServer: ApiServer;
  coverage: Coverage;
  /** Stop after the first differences. */
  first: boolean;
  /** Make what differs as small as it gets. */
  shrink: boolean;
  /** Told how far a suite is. */
  progress(suite: string, done: number, of: string): void;
}

/** How long a suite goes on. */
export type Limit = { calls: number } | { minutes: number };
