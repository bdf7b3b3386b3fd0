import type {
  ForgeRepository,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import { CALLGATE_ACTOR } from '../actor';
import { declarationOf } from './editDeclaration';
import { mergedByItself } from './ExpiryMerge';
import { namesRequest } from './describeProposal';
import { plain } from './markdown';
import { ProposalBranch } from './ProposalBranch';
import type { ParsedPolicy } from './readPolicies';
import type {
  CarriedRequest,
  ProposalRecord,
  ProposalStore,
  RequestOutcome,
  Snapshot,
} from './types';

/** Ends the comment with which we close a pull request: not the decision of a person, so it declines nothing. */
export const CLOSED_BY_US = '<!-- callgate -->';

/** Ids of requests whose grants are declared, and of those that are confirmed there. */
export function requestsAtTip(
  snapshot: Snapshot,
  api: string,
  carried: readonly CarriedRequest[],
): Set<string> {
  const grants = declarationOf(snapshot, api)?.policy?.spec.grants ?? [];
  return new Set([
    ...grants.flatMap(({ request }) => request ?? []),
    ...carried
      .filter(request => isConfirmed(snapshot, request))
      .map(({ id }) => id),
  ]);
}

/**
 * Whether the target branch has what a confirm request asked for. Of a grant: nothing that it lists is left to confirm, and what
 * was approved is planned; where nothing is left because its ends are gone, it was not confirmed.
 */
function isConfirmed(
  snapshot: Snapshot,
  { api, confirm, approved }: CarriedRequest,
): boolean {
  if (!confirm) return false;
  if ('provider' in confirm) {
    const { providers = [] } = declarationOf(snapshot, api)?.policy?.spec ?? {};
    return providers.includes(confirm.provider);
  }
  const { edges, unconfirmed } = snapshot.compilation.plan;
  const isOf = (each: { api: string; grantId: string }) =>
    each.api === api && each.grantId === confirm.grant;
  const own = edges.filter(isOf);
  return (
    !unconfirmed.some(
      each =>
        isOf(each) &&
        confirm.ends.some(
          ({ side, cluster, end }) =>
            side === each.side && cluster === each.cluster && end === each.end,
        ),
    ) &&
    approved.content.edges.some(end =>
      own.some(
        ({ cluster, from, to, port }) =>
          cluster === end.cluster &&
          from.id === end.from &&
          to.id === end.to &&
          port === end.port,
      ),
    )
  );
}

/**
 * Takes note of what people did with a pull request: merged makes its requests `merged`, closed makes them `declined`.
 *
 * @returns the record as stored, or `undefined` where the pull request is still open
 */
export async function settleProposal(options: {
  record: ProposalRecord;
  pull: PullRequest;
  repository: ForgeRepository;
  store: ProposalStore;
  /** The target branch after the merge. */
  snapshot: () => Promise<Snapshot>;
  policiesFolder: string;
}): Promise<ProposalRecord | undefined> {
  const { record, pull, store } = options;
  if (pull.state === 'open') return undefined;
  const byItself = mergedByItself(record, pull);
  const actor = byItself ? CALLGATE_ACTOR : pull.closedBy;
  const about = {
    ...(pull.url !== undefined && { link: pull.url }),
    ...(actor !== undefined && { actor }),
    ...(byItself && { facts: { code: 'merged-after-end' as const } }),
  };
  const settled: ProposalRecord = {
    ...record,
    state: pull.state,
    head: pull.head,
    problem: undefined,
  };
  if (pull.state === 'merged') {
    const merged = await mergedRequests(options);
    const outcomes = [...merged].map(
      (requestId): RequestOutcome => ({ requestId, event: 'merged', ...about }),
    );
    const saved = await store.saveProposal(
      { ...settled, requestIds: [...merged] },
      outcomes,
    );
    // Whoever joined after the head that was merged gets a pull request of their own.
    if ((await store.carriedRequests(record.api)).length > 0)
      await store.enqueue(record.api);
    return saved;
  }
  // Whoever was approved meanwhile has waited for it.
  if (record.imported && (await store.carriedRequests(record.api)).length > 0)
    await store.enqueue(record.api);
  const ours = pull.closeComment?.includes(CLOSED_BY_US) ?? false;
  const reason = pull.closeComment
    ? plain(pull.closeComment, 2000)
    : 'The pull request was closed without a comment.';
  const outcomes = record.requestIds.map(
    (requestId): RequestOutcome => ({
      requestId,
      event: 'declined',
      reason,
      ...about,
    }),
  );
  return store.saveProposal(settled, ours ? [] : outcomes);
}

async function mergedRequests(
  options: Parameters<typeof settleProposal>[0],
): Promise<Set<string>> {
  const { record, pull, repository, snapshot, policiesFolder } = options;
  if (pull.head === record.head) return new Set(record.requestIds);
  // The head moved between our push and our note of it: what it says counts.
  const grants = await new ProposalBranch(repository, record.branch).grantsOf(
    pull.head,
    policiesFolder,
  );
  const carried = await options.store.carriedRequests(record.api);
  const named = grants.flatMap(({ request }) => request ?? []);
  const left = await options.store.leftRequests(record.api, named);
  // Whoever pushes names what they like: also requests of other APIs, and those that nobody has approved.
  const ours = new Set([
    ...record.requestIds,
    ...[...carried, ...left].map(({ id }) => id),
  ]);
  const inHead = named.filter(id => ours.has(id));
  const atTip = requestsAtTip(await snapshot(), record.api, carried);
  const after = declarationOf(await snapshot(), record.api);
  const confirmed = carried.filter(
    ({ id, number, approved, confirm, change }) =>
      (confirm && atTip.has(id)) ||
      (change && atTip.has(id)) ||
      (change?.kind === 'end' &&
        namesRequest(pull.body, { number, approved }) &&
        !hasGrant(after, change.grant)),
  );
  const others = confirmed.map(({ id }) => id);
  if (inHead.length > 0) return new Set([...inHead, ...others]);
  // What the head was is not known here: what waited for a merge of this API and is on the target branch has come with it.
  const joined = carried.filter(({ id }) => atTip.has(id)).map(({ id }) => id);
  return new Set([
    ...record.requestIds.filter(id => atTip.has(id)),
    ...joined,
    ...others,
  ]);
}

/**
 * Whether a declaration has a grant of that id, of whichever request it is by now. A description that was not written again in time
 * names more than its head has: an end has come about only where nothing of the grant is left.
 */
export function hasGrant(
  declaration: Pick<ParsedPolicy, 'policy'> | undefined,
  grant: string,
): boolean {
  const grants = declaration?.policy?.spec.grants ?? [];
  return grants.some(({ id }) => id === grant);
}
