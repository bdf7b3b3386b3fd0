import type { ChangeNotifier } from '../access/ChangeNotifier';
import type { AccessStore } from '../database/AccessStore';
import type { ProposalChange, ProposalListener } from './types';

const TITLES: Record<string, string> = {
  proposed: 'The pull request with your access is open',
  merged: 'Your access is merged',
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
    const title = TITLES[change.event];
    for (const id of change.requestIds) {
      const request = await requests.getRequest(id);
      if (request && title) {
        await notifier.progressed(request, title);
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
