import { parsePinnedEnd } from '@callgate/policy';
import type {
  EntityLabel,
  RequestConfirmation,
} from '@callgate/plugin-callgate-common';
import { CALLGATE_ACTOR } from '../../actor';
import type { StoredRequest } from '../../database/AccessStore';
import type { AskedEnd } from '../../proposals/types';
import type { Discretion } from './Discretion';
import { nameOf, type LabelOf } from './Labels';

const UNSEEN_END = 'a workload you may not see';

/** What a confirm request asks, such as `Cart runs as 2 more workloads now: does its access to POST /orders of Orders stand?` */
export function confirmSentence(
  { draft: { confirm } }: StoredRequest,
  api: EntityLabel,
  caller: EntityLabel,
  operations: string,
): string {
  if (!confirm || 'provider' in confirm) {
    return `${nameOf(caller)} asks to be confirmed as a provider of ${nameOf(
      api,
    )}`;
  }
  const count = (side: AskedEnd['side']) => {
    const ends = confirm.ends.filter(each => each.side === side);
    return [
      ...new Map(
        ends.map(each => [`${each.cluster} ${each.end}`, each]),
      ).values(),
    ];
  };
  const who = nameOf(caller);
  const [runs, served] = [count('caller'), count('provider')];
  const news = [
    ...(runs.length > 0 ? [`${who} ${more('runs as', runs)} now`] : []),
    ...(served.length > 0
      ? [`${nameOf(api)} ${more('is served by', served)} now`]
      : []),
  ];
  const whose = runs.length > 0 ? 'its access' : `the access of ${who}`;
  const question = `does ${whose} to ${operations} of ${nameOf(api)} stand?`;
  return news.length > 0
    ? `${news.join(', and ')}: ${question}`
    : `Confirm: ${question}`;
}

function more(verb: string, ends: readonly AskedEnd[]): string {
  if (ends.every(({ end }) => parsePinnedEnd(end)?.kind === 'addresses')) {
    return 'has other addresses';
  }
  return `${verb} ${ends.length} more workload${ends.length === 1 ? '' : 's'}`;
}

/** What was approved and what is new, without what the reader may not see. */
export function toConfirmation(
  { callerRef, draft: { confirm } }: StoredRequest,
  labelOf: LabelOf,
  discretion: Discretion,
): RequestConfirmation | undefined {
  if (!confirm) {
    return undefined;
  }
  if ('provider' in confirm) {
    return { provider: labelOf(confirm.provider), approved: [], added: [] };
  }
  const { grant, ends, approved } = confirm;
  const hidden = labelOf(callerRef).state === 'hidden';
  const isUntold = (text: string) => hidden || discretion.hidesName(text);
  // Who may not see the caller is told how much it is.
  const tell = (text: string) => (isUntold(text) ? UNSEEN_END : text);
  return {
    ...(!isUntold(grant) && { grant }),
    approved: [...(approved?.caller ?? []), ...(approved?.provider ?? [])].map(
      tell,
    ),
    added: ends.map(({ side, entity, cluster, end }) => ({
      side,
      entity: labelOf(entity),
      cluster,
      end:
        labelOf(entity).state === 'hidden' || discretion.hidesWorkload(end)
          ? UNSEEN_END
          : tell(end),
    })),
  };
}

/** Why Callgate asks. People give their own reasons. */
export function reasonOfCallgate(
  request: StoredRequest,
  labelOf: LabelOf,
  discretion: Discretion,
): string {
  const { change } = request.draft;
  if (change?.glass) {
    return change.glass.why === 'rejected'
      ? 'It went on before anybody approved it, because it could not wait, and somebody who decides has rejected it since. It stays open until the pull request is merged.'
      : 'It went on before anybody approved it, because it could not wait, and its time is over. It stays open until the pull request is merged.';
  }
  if (change?.expired !== undefined) {
    return `The last day of the grant was ${change.expired}. Renew it if it is still needed; what is open stays open until the pull request is merged.`;
  }
  if (change?.gone !== undefined) {
    return `The caller is not in the catalog since ${change.gone}. Register it again, or withdraw this, if it still runs; what is open stays open until the pull request is merged.`;
  }
  const confirmation = toConfirmation(request, labelOf, discretion);
  if (request.requestedBy !== CALLGATE_ACTOR || !confirmation) {
    return request.draft.reason;
  }
  const lines = confirmation.added.map(({ side, entity, cluster, end }) => {
    const runs = end === UNSEEN_END ? end : discretion.names.runs(end);
    return side === 'caller'
      ? `${nameOf(
          entity,
        )} runs as ${runs} in ${cluster} now, which the grant was not approved for.`
      : `${nameOf(
          entity,
        )} provides the API with ${runs} in ${cluster} now, which the grant was not approved for.`;
  });
  return [
    ...new Set(lines),
    'Nothing is opened for it until this is confirmed.',
  ].join('\n');
}
