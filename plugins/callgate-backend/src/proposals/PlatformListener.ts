import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { entityRefOf } from '@callgate/policy';
import { programName } from '../actor';
import {
  contractOf,
  grantedOperations,
  operationsText,
} from '../access/views/operations';
import type { AccessStore, StoredRequest } from '../database/AccessStore';
import { isLasting, menderOf } from './problems';
import { titlesOf } from './titles';
import type {
  ProposalChange,
  ProposalListener,
  ProposalRecord,
  Snapshot,
} from './types';

/** What ends the wait, and what took its place in the list of whoever waited. */
const ENDS: Record<string, string> = {
  approved: 'Reviewed, and approved',
  'changes-requested': 'Reviewed: somebody has asked for changes',
  merged: 'Merged',
  closed: 'Closed without a merge',
};

interface News {
  title: string;
  severity: 'low' | 'normal' | 'high';
}

/** What the platform team hears of a change; nothing of most. What is stuck is told until it is proposed after all. */
function newsOf(
  { event, toRead, mended }: ProposalChange,
  { problem }: ProposalRecord,
): News | undefined {
  if (event === 'problem')
    return problem &&
      isLasting(problem.code) &&
      menderOf(problem.code) === 'platform-team'
      ? { title: 'Stuck until you mend it', severity: 'high' }
      : undefined;
  if ((event === 'proposed' && (toRead || mended)) || event === 'withdrawn')
    return {
      title: 'A pull request waits for your review',
      severity: 'normal',
    };
  return Object.hasOwn(ENDS, event)
    ? { title: ENDS[event], severity: 'low' }
    : undefined;
}

/**
 * Tells the platform team of a pull request that waits for them, and that it does not any more. Notifications of one
 * proposal have one scope: a later one replaces the earlier one. One text goes to everybody, and not everybody may see
 * every caller, so it names none.
 */
export class PlatformListener implements ProposalListener {
  constructor(
    private readonly options: {
      /** Full ref of a group; without one there is nobody to tell. */
      platformTeam: string | undefined;
      requests: Pick<AccessStore, 'getRequest' | 'transitions'>;
      snapshots: { read(): Promise<Snapshot> };
      notifications: NotificationService;
      logger: LoggerService;
    },
  ) {}

  async changed(change: ProposalChange): Promise<void> {
    const { proposal } = change;
    const news = proposal && newsOf(change, proposal);
    if (!news) return;
    try {
      await this.#notify(proposal, news);
    } catch (error) {
      this.options.logger.warn(
        `The platform team was not told of a pull request: ${stringifyError(
          error,
        )}`,
      );
    }
  }

  async #notify(proposal: ProposalRecord, news: News) {
    const { platformTeam, requests, notifications, snapshots } = this.options;
    if (!platformTeam) return;
    const { catalog } = await snapshots.read();
    const carried = await Promise.all(
      proposal.requestIds.map(id => requests.getRequest(id)),
    );
    const known = carried.flatMap(request => request ?? []);
    const involved = [
      ...(await this.#involved(known)),
      ...(proposal.imported ? [proposal.imported.by] : []),
    ];
    const { imported } = proposal;
    const imports = imported?.removes ? 'policies by hand of' : 'import of';
    const what = `${imported ? imports : 'access to'} ${titlesOf(catalog)(
      proposal.api,
    )}`;
    await notifications.send({
      recipients: {
        type: 'entity',
        entityRef: platformTeam,
        ...(involved.length > 0 && { excludeEntityRef: involved }),
      },
      payload: {
        title: `${news.title}: ${what}`,
        description: imported
          ? 'It writes down who can call it already; nobody can call more or less.'
          : operationsOf(proposal.api, known, catalog),
        link: `/access/proposals/${proposal.id}`,
        severity: news.severity,
        topic: 'access-proposal',
        scope: `proposal:${proposal.id}`,
      },
    });
  }

  /** Whoever asked or approved does not review. */
  async #involved(requests: readonly StoredRequest[]): Promise<string[]> {
    const transitions = await Promise.all(
      requests.map(({ id }) => this.options.requests.transitions(id)),
    );
    const approvers = transitions
      .flat()
      .flatMap(({ event, actor }) => (event === 'approve' && actor) || []);
    const askers = requests.map(({ requestedBy }) => requestedBy);
    return [...new Set([...askers, ...approvers])]
      .filter(ref => !programName(ref))
      .sort();
  }
}

/** Such as `GET /orders/{id}`, once each. */
function operationsOf(
  api: string,
  requests: readonly StoredRequest[],
  catalog: Snapshot['catalog'],
): string {
  const entity = catalog.find(each => entityRefOf(each) === api);
  const contract = contractOf(entity, api);
  const texts = requests.map(({ draft }) =>
    draft.operations.length > 0
      ? operationsText(grantedOperations(draft.operations, contract))
      : 'who provides it',
  );
  return [...new Set(texts)].join('; ');
}
