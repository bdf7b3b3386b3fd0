import type { LoggerService } from '@backstage/backend-plugin-api';
import type { DatabaseGrantReviews } from '../database/DatabaseGrantReviews';
import type { AccessStore } from '../database/AccessStore';

const DAY_MS = 86_400_000;
const BATCH = 100;

/** How long what people wrote is kept: `callgate.retention`. */
export interface RetentionConfig {
  /** So many days after a request was over; absent: for ever. */
  textsDays?: number;
}

/** Takes out what people wrote about requests that are over for long enough. Several processes do none of it twice. */
export class TextRetention {
  constructor(
    private readonly options: {
      requests: Pick<AccessStore, 'idsWithTexts' | 'blankTexts'>;
      reviews: Pick<DatabaseGrantReviews, 'blankNotes'>;
      retention: RetentionConfig;
      logger: LoggerService;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** @returns how many requests it was */
  async runOnce(): Promise<number> {
    const { requests, reviews, retention, logger, now } = this.options;
    const { textsDays } = retention;
    if (textsDays === undefined) return 0;
    const before = now() - textsDays * DAY_MS;
    let count = 0;
    for (;;) {
      const ids = await requests.idsWithTexts(before, BATCH);
      for (const id of ids) await requests.blankTexts(id);
      count += ids.length;
      if (ids.length < BATCH) break;
    }
    const notes = await reviews.blankNotes(before);
    if (notes > 0)
      logger.info(`Took out what people wrote in ${notes} reviews of grants`);
    if (count > 0)
      logger.info(`Took out what people wrote about ${count} requests`);
    return count;
  }
}
