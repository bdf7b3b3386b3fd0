import { requestEvent } from '../access/requestEvent';
import type { ChangeNotifier, Progress } from '../access/ChangeNotifier';
import type { AccessStore } from '../database/AccessStore';
import type { ProposalChange, ProposalListener } from './types';

/** What whoever asked hears of. */
function progressOf({
  event,
  proposal,
  toRead,
  mended,
}: ProposalChange): Progress | undefined {
  switch (event) {
    case 'proposed':
      // Every proposal of the API is built again when one of its requests is approved.
      return toRead || mended ? event : undefined;
    case 'merged':
    case 'closed':
    case 'meaning-changed':
      return event;
    case 'problem':
      // What waiting mends is told nobody.
      return proposal?.state === 'failed' ? 'failed' : undefined;
    default:
      return undefined;
  }
}

/** What became of a grant that was there, once its request is merged: both sides hear that word instead. */
const DONE = {
  change: 'is changed',
  renew: 'is renewed',
  end: 'has ended',
} as const;

/** Tells requesters and open pages how the requests of a proposal went on. */
export class RequesterListener implements ProposalListener {
  constructor(
    private readonly options: {
      requests: AccessStore;
      notifier: ChangeNotifier;
    },
  ) {}

  async changed(change: ProposalChange): Promise<void> {
    const { requests, notifier } = this.options;
    const how = progressOf(change);
    for (const id of change.requestIds) {
      const request = await requests.getRequest(id);
      const isLastWord = request?.draft.change && change.event === 'merged';
      if (request && how && !isLastWord) {
        await notifier.progressed(request, how, change.by);
      }
      if (request && change.event === 'superseded') {
        await notifier.withdrawn(request);
      }
      if (request?.draft.change && isLastWord) {
        const { parties = [] } = (await requests.getParties(id)) ?? {};
        await notifier.grantChanged(
          request,
          parties.map(({ ref }) => ref),
          DONE[request.draft.change.kind],
          change.by,
        );
      }
      if (request) await notifier.changed(requestEvent(request));
    }
    if (change.proposal) {
      const { id, state, api, number, url } = change.proposal;
      await notifier.changed({
        subject: 'proposal',
        ...{ id, state, api },
        ...(number !== undefined && { number }),
        ...(url !== undefined && { url }),
      });
      if (state === 'merged') {
        await notifier.changed({ subject: 'access', id });
      }
    }
  }
}
