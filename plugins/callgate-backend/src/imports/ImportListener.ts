import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Ownership } from '../ownership';
import { titlesOf } from '../proposals/titles';
import type {
  ProposalChange,
  ProposalListener,
  ProposalRecord,
  Snapshot,
} from '../proposals/types';

/** What the owners hear of an import of their API; nothing of most. */
function newsOf({
  event,
  toRead,
  proposal,
}: ProposalChange): string | undefined {
  if (proposal?.imported?.removes)
    return event === 'merged'
      ? 'Policies by hand were deleted: your declaration says the same'
      : undefined;
  if (event === 'proposed' && toRead)
    return 'Who can call it today is being written down as a declaration of yours';
  return event === 'merged'
    ? 'Imported: who can call it is your declaration now'
    : undefined;
}

/**
 * Tells the owners of an API that what is in force for it becomes their declaration. One text goes to everybody, and not everybody may
 * see every caller, so it names none.
 */
export class ImportListener implements ProposalListener {
  constructor(
    private readonly options: {
      ownership: Pick<Ownership, 'ownersOf'>;
      snapshots: { read(): Promise<Pick<Snapshot, 'catalog'>> };
      notifications: NotificationService;
      logger: LoggerService;
    },
  ) {}

  async changed(change: ProposalChange): Promise<void> {
    const { proposal } = change;
    const news = newsOf(change);
    if (!proposal?.imported || news === undefined) return;
    try {
      await this.#notify(proposal, proposal.imported.by, news);
    } catch (error) {
      this.options.logger.warn(
        `The owners of ${
          proposal.api
        } were not told of its import: ${stringifyError(error)}`,
      );
    }
  }

  async #notify(
    { api, id, imported }: ProposalRecord,
    by: string,
    news: string,
  ) {
    const { ownership, snapshots, notifications } = this.options;
    const entityRef = await ownership.ownersOf(api);
    if (entityRef.length === 0) return;
    const { catalog } = await snapshots.read();
    await notifications.send({
      recipients: { type: 'entity', entityRef, excludeEntityRef: by },
      payload: {
        title: `${news}: ${titlesOf(catalog)(api)}`,
        description: imported?.removes
          ? 'Nobody can call more or less without them. Policies that stay are listed in the pull request.'
          : 'Nobody can call more or less with it. Once it is merged, you decide about requests for it, and may end each grant.',
        link: `/access/proposals/${id}`,
        severity: 'normal',
        topic: 'access-import',
        scope: `import:${api}`,
      },
    });
  }
}
