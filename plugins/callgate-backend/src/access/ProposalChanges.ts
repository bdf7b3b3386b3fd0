import { ConflictError } from '@backstage/errors';
import type { MergeBody, ReviewBody } from '@callgate/plugin-callgate-common';
import type { Person } from '../ownership';
import { HeadChangedError } from '../proposals/HeadChangedError';
import type { ProposalProblem } from '../proposals/problems';
import type { ProposalRecord } from '../proposals/types';
import type { ReadOptions, WriteOptions } from './AccessService';
import { checkText } from './checkText';
import type { AccessViews } from './AccessViews';
import type { Decisions } from './Decisions';
import type { ProposalViews } from './ProposalViews';
import { replayOf } from './Replays';
import type { ServiceParts } from './ServiceParts';
import type { Discretion } from './views/Discretion';
import { headChangeText } from './views/headChange';
import { problemText } from './views/problems';

/** Reviewing and merging pull requests on a forge that leaves both to the portal. */
export class ProposalChanges {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly decisions: Decisions,
    private readonly views: ProposalViews,
  ) {}

  async review(
    proposal: ProposalRecord,
    body: ReviewBody,
    options: WriteOptions,
  ): Promise<void> {
    // Taking back what one said oneself approves of nothing; for anything else the forge's rules know whose it is.
    const commentOnly = ['commented', 'withdrawn'].includes(body.decision);
    await this.#once(
      proposal,
      { action: 'review', id: proposal.id, body },
      options,
      async person => {
        await this.#require(proposal, person, commentOnly);
        const comment = checkText(body.comment, 'comment');
        await this.parts.desk.review(proposal, {
          by: person.ref,
          decision: body.decision,
          head: body.head,
          ...(comment && { comment }),
          ...(body.objection && { objection: body.objection }),
        });
      },
    );
  }

  async merge(
    proposal: ProposalRecord,
    body: MergeBody,
    options: WriteOptions,
  ): Promise<void> {
    await this.#once(
      proposal,
      { action: 'merge', id: proposal.id, body },
      options,
      async person => {
        await this.#require(proposal, person, false);
        await this.parts.desk
          .merge(proposal, { by: person.ref, head: body.head })
          .catch(async error => {
            if (error instanceof HeadChangedError) throw error;
            const { access } = this;
            throw forReader(
              error,
              await access.discretion(
                await access.facts(),
                options.credentials,
              ),
            );
          });
      },
    );
  }

  /** The forge, not the database, has what was done here; so the key is remembered after it. */
  async #once(
    proposal: ProposalRecord,
    write: { action: string; id: string; body?: unknown },
    options: WriteOptions,
    act: (person: Person) => Promise<void>,
  ): Promise<void> {
    const { ownership, requests } = this.parts;
    const person = await ownership.person(options.credentials);
    const { answered, idempotency } = await replayOf(
      requests,
      person.ref,
      options,
      write,
    );
    if (answered) {
      return;
    }
    try {
      await act(person);
    } catch (error) {
      throw error instanceof HeadChangedError
        ? await this.#toldTo(proposal, error, options)
        : error;
    }
    if (idempotency) {
      await requests.remember(person.ref, idempotency, proposal.id);
    }
  }

  /** What changed, in the words that its reader may read. */
  async #toldTo(
    proposal: ProposalRecord,
    { code, difference }: HeadChangedError,
    options: ReadOptions,
  ): Promise<Error> {
    const change = await this.views.headChange(proposal, difference, options);
    return Object.assign(new ConflictError(headChangeText(change)), {
      code,
      change,
    });
  }

  async #require(
    proposal: ProposalRecord,
    person: Person,
    commentOnly: boolean,
  ): Promise<void> {
    const refusal = await this.decisions.mayMerge(
      proposal,
      person,
      commentOnly,
    );
    if (refusal) {
      throw refusal;
    }
  }
}

/** A refusal in words for who asked: a problem as far as they may read it, no names of files where they may not. */
function forReader(
  error: Error & { code?: string; problem?: ProposalProblem },
  discretion: Discretion,
): Error {
  const { code, message, problem } = error;
  if (problem) {
    return Object.assign(
      new ConflictError(`${message} ${problemText(problem, discretion)}`),
      { code },
    );
  }
  return code === 'merge-conflict' && !discretion.everythingSeen
    ? Object.assign(
        new ConflictError(
          'The pull request cannot be merged: both branches changed the same files.',
        ),
        { code },
      )
    : error;
}
