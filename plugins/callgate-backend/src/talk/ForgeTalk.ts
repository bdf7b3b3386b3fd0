import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { ForgeRepository } from '@callgate/plugin-callgate-node';
import type { ChangeNotifier } from '../access/ChangeNotifier';
import type { AccessStore } from '../database/AccessStore';
import {
  commentKey,
  type DatabaseForgeComments,
} from '../database/DatabaseForgeComments';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { CLOSED_BY_US } from '../proposals/settleProposal';
import type { ProposalRecord } from '../proposals/types';
import { toForgeComment } from './toForgeComment';

/** So many of one pull request are kept, the oldest: what was taken over does not go because somebody else says a lot. */
export const MOST_SAID = 200;

/** Of what is older nobody is told: it was there before Callgate looked. */
const NEWS_MS = 7 * 86_400_000;

/**
 * Takes over what people say on pull requests into the timelines of the requests that those carry: read only, as it is on the forge
 * now. It decides nothing, and what fails of it stops nothing.
 */
export class ForgeTalk {
  constructor(
    private readonly options: {
      comments: Pick<DatabaseForgeComments, 'follow'>;
      requests: Pick<AccessStore, 'getRequest'>;
      connection: Pick<RepositoryConnection, 'config' | 'forgeId'>;
      notifier: Pick<ChangeNotifier, 'saidOnForge'>;
      logger: LoggerService;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** Looks at the pull request of a proposal; what cannot be read now is read the next time. */
  async follow(
    repository: Pick<ForgeRepository, 'readComments'>,
    record: ProposalRecord,
  ): Promise<void> {
    if (record.number === undefined || !repository.readComments) return;
    try {
      await this.#follow(
        await repository.readComments(record.number),
        record,
        record.number,
      );
    } catch (error) {
      this.options.logger.warn(
        `What was said on the pull request of ${
          record.api
        } could not be read: ${stringifyError(error)}`,
      );
    }
  }

  async #follow(
    said: Awaited<ReturnType<NonNullable<ForgeRepository['readComments']>>>,
    { id: proposalId, api, requestIds }: ProposalRecord,
    number: number,
  ): Promise<void> {
    const { comments, connection, requests, notifier, now } = this.options;
    const { url } = connection.config;
    const taken = said.comments
      // With a token of a person's account, what Callgate itself says there is theirs.
      .filter(
        ({ byOpener, text }) => !(byOpener && text.includes(CLOSED_BY_US)),
      )
      .flatMap(
        each =>
          toForgeComment(each, {
            key: commentKey(`${connection.forgeId} ${url}`, each.id),
            forge: connection.forgeId,
            number,
          }) ?? [],
      )
      .slice(0, MOST_SAID);
    const fresh = await comments.follow(
      { proposalId, number },
      requestIds,
      taken,
      said.complete,
    );
    const news = taken.filter(
      ({ key, at }) => fresh.includes(key) && at > now() - NEWS_MS,
    );
    if (news.length === 0) return;
    const carried = await Promise.all(
      requestIds.map(request => requests.getRequest(request)),
    );
    await notifier.saidOnForge(
      { id: proposalId, api, number },
      carried.flatMap(request => request ?? []),
      news.map(({ by }) => by),
    );
  }
}
