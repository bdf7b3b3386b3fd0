import type { LoggerService } from '@backstage/backend-plugin-api';

/** Between two lines that say the same, in milliseconds. */
const QUIET_MS = 600_000;

/** Says what goes wrong with the snapshots, and not every three seconds. */
export class FailureLog {
  readonly #said = new Map<string, number>();

  constructor(
    private readonly logger: Pick<LoggerService, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {}

  add(error: unknown): void {
    const reason = reasonOf(error);
    const before = this.#said.get(reason);
    if (before !== undefined && this.now() - before < QUIET_MS) return;
    this.#said.set(reason, this.now());
    this.logger.warn(
      `What clusters have cannot be shared by the database: ${reason}. It is tried again.`,
    );
  }
}

/** Knex puts the statement with all its values, texts of files among them, before what the driver says. */
function reasonOf(error: unknown): string {
  return (error as Error).message.split(' - ').at(-1)!.slice(0, 300);
}
