import type { ChangeNotifier } from '../access/ChangeNotifier';
import type { AccessStore, StoredRequest } from '../database/AccessStore';
import type { ProposalChange, ProposalListener } from './types';

/** Of requests about a grant that is there. */
const OF_GRANTS: Record<string, string> = {
  proposed: 'The pull request that you asked for is open',
  merged: 'Your access is merged',
  closed: 'The pull request that you asked for was closed',
};

const DONE = {
  change: 'is changed',
  renew: 'is renewed',
  end: 'has ended',
} as const;

const TITLES: Record<string, string> = {
  proposed: 'The pull request with your access is open',
  closed: 'The pull request with your access was closed',
  'meaning-changed': 'Your request has to be approved again',
};

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
    for (const id of change.requestIds) {
      const request = await requests.getRequest(id);
      const title = request && titleOf(change.event, request);
      if (title) {
        await notifier.progressed(request, title);
      }
      if (request?.draft.change && change.event === 'merged') {
        const { parties = [] } = (await requests.getParties(id)) ?? {};
        await notifier.grantChanged(
          request,
          parties.map(({ ref }) => ref),
          DONE[request.draft.change.kind],
        );
      }
      await notifier.changed({ subject: 'request', id, state: request?.state });
    }
    if (change.proposal) {
      const { id, state } = change.proposal;
      await notifier.changed({ subject: 'proposal', id, state });
      if (state === 'merged') {
        await notifier.changed({ subject: 'access', id });
      }
    }
  }
}

/** What the requester hears; of a grant that was there both sides hear the last word. */
function titleOf(event: string, { draft }: StoredRequest): string | undefined {
  const isDone = draft.change && event === 'merged';
  if (isDone) return undefined;
  return (draft.change && OF_GRANTS[event]) ?? TITLES[event];
}
