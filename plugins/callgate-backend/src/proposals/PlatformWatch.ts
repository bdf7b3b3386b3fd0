import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { createHash } from 'node:crypto';
import type { NoticeStore } from '../database/DatabaseNoticeStore';
import { type PlatformTrouble, platformTroubles } from './platformTroubles';
import type { Snapshot } from './types';

/**
 * Tells the platform team of what cannot be read and is theirs to mend: once, and once more when it is mended, in the
 * place of the first.
 */
export class PlatformWatch {
  constructor(
    private readonly options: {
      /** Full ref of a group; without one there is nobody to tell. */
      platformTeam: string | undefined;
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      notices: NoticeStore;
      notifications: NotificationService;
      logger: LoggerService;
    },
  ) {}

  /** Looks at what is so now. What could not be told is told with the next round. */
  async runOnce(): Promise<void> {
    const { platformTeam, snapshots, notices } = this.options;
    if (!platformTeam) return;
    const found = new Map(
      platformTroubles(await snapshots.read({ fresh: true })).map(trouble => [
        idOf(trouble),
        trouble,
      ]),
    );
    const told = await notices.open();
    for (const [id, { what, text }] of found) {
      if (told.some(each => each.id === id)) continue;
      const sent = await this.#send(platformTeam, id, {
        title: `To be corrected: ${what} cannot be read`,
        description: text,
        severity: 'high',
      });
      if (sent) await notices.add({ id, what });
    }
    for (const { id, what } of told) {
      if (found.has(id)) continue;
      const sent = await this.#send(platformTeam, id, {
        title: `Mended: ${what} can be read again`,
        // What it replaces stands on without one.
        description: 'What waited for it goes on.',
        severity: 'low',
      });
      if (sent) await notices.remove(id);
    }
  }

  async #send(
    platformTeam: string,
    scope: string,
    payload: { title: string; description?: string; severity: 'high' | 'low' },
  ): Promise<boolean> {
    const { notifications, logger } = this.options;
    try {
      await notifications.send({
        recipients: { type: 'entity', entityRef: platformTeam },
        payload: {
          ...payload,
          link: '/access/proposals',
          topic: 'access-platform',
          scope,
        },
      });
      return true;
    } catch (error) {
      logger.warn(
        `The platform team was not told of what cannot be read: ${stringifyError(
          error,
        )}`,
      );
      return false;
    }
  }
}

/** Paths are of any length. */
function idOf({ key }: PlatformTrouble): string {
  return `platform:${createHash('sha256')
    .update(key)
    .digest('hex')
    .slice(0, 32)}`;
}
