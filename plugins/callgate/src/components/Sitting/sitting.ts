import type {
  AccessRequestDraft,
  EntityLabel,
  NewAccessRequest,
  Operation,
} from '@callgate/plugin-callgate-common';
import { operationInput } from '../marks';

/** So many APIs at once: more are no question that somebody has thought about each of. */
export const MOST_APIS = 20;

/** What is asked of one API. Nothing of it is chosen by itself. */
export interface SittingItem {
  api: EntityLabel;
  operations: Operation[];
  /** Absent until somebody picks. */
  clusters?: string[];
  /** The cluster that is meant until then: the only one of several in which it can be granted. */
  suggested?: string;
  acknowledges: string[];
  /** Instead of those for all. */
  reason?: string;
  until?: string;
  /** What was tried to be sent, and its key: what is tried again never becomes two. */
  attempt?: { body: string; key: string };
  /** What became of it. */
  sent?: { id: string; number: number };
}

/** What one caller asks of several APIs. */
export interface Sitting {
  items: SittingItem[];
  reason: string;
  /** An empty text: what is usual for each. */
  until: string;
}

/** Nothing is asked yet. */
export const EMPTY_SITTING: Sitting = { items: [], reason: '', until: '' };

/** In which clusters it is asked for. */
export function clustersOf({ clusters, suggested }: SittingItem): string[] {
  return clusters ?? (suggested === undefined ? [] : [suggested]);
}

/** Why it is asked for. */
export function reasonOf(sitting: Sitting, item: SittingItem): string {
  return (item.reason ?? sitting.reason).trim();
}

/** What is previewed of one API; `undefined` while no operation of it is chosen. */
export function draftOf(
  sitting: Sitting,
  item: SittingItem,
  caller: string,
): AccessRequestDraft | undefined {
  const { api, operations, acknowledges } = item;
  if (operations.length === 0) return undefined;
  const clusters = clustersOf(item);
  const until = item.until ?? sitting.until;
  return {
    api: api.ref,
    caller,
    operations: operations.map(operationInput),
    ...(clusters.length > 0 && { in: clusters }),
    ...(acknowledges.length > 0 && { acknowledges }),
    ...(until !== '' && { until }),
  };
}

/**
 * What is sent of one API.
 *
 * @param digest - of what was shown
 */
export function requestOf(
  sitting: Sitting,
  item: SittingItem,
  draft: AccessRequestDraft,
  digest: string,
): NewAccessRequest {
  return { ...draft, reason: reasonOf(sitting, item), digest };
}

/** A sitting with an API more; one that is there asks for what is brought. */
export function withItem(sitting: Sitting, item: SittingItem): Sitting {
  const others = sitting.items.filter(({ api }) => api.ref !== item.api.ref);
  return { ...sitting, items: [...others, item] };
}
