import type {
  RequestKind,
  RequestState,
} from '@callgate/plugin-callgate-common';
import { useMemo } from 'react';
import type { RequestQuery, RequestTab } from '../../api';
import { useSearchParams } from '../../routing';

/** The tabs of the inbox, in their order. */
export const TABS: readonly RequestTab[] = ['waiting', 'mine', 'all'];

/** What narrows or orders a list of the inbox, as parameters of its URL. */
export type InboxFilter =
  | 'q'
  | 'state'
  | 'kind'
  | 'api'
  | 'caller'
  | 'system'
  | 'sort';

const FILTERS: readonly InboxFilter[] = [
  'q',
  'state',
  'kind',
  'api',
  'caller',
  'system',
];

/** Orders of a list, by which the riskiest, newest or oldest is first. */
export const SORTS = ['risk', '-createdAt', 'createdAt'] as const;

/** Kinds of requests. */
export const KINDS: readonly RequestKind[] = [
  'new',
  'change',
  'renew',
  'end',
  'confirm',
];

/** States of requests, in the order of their life. */
const STATE_SET: { [state in RequestState]: true } = {
  submitted: true,
  returned: true,
  approved: true,
  proposed: true,
  merged: true,
  rejected: true,
  withdrawn: true,
  declined: true,
  superseded: true,
};

/** States of requests. */
export const STATES = Object.keys(STATE_SET).filter(isState);

/** What a list of the inbox is asked for. */
export type InboxQuery = RequestQuery & {
  tab: RequestTab;
  sort: (typeof SORTS)[number];
};

/** What the inbox shows stands in the URL, so that a link to it shows the same. Unknown values narrow nothing. */
export function useInboxUrl() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const query = useMemo(() => readQuery(new URLSearchParams(search)), [search]);
  return {
    query,
    showTab: (tab: RequestTab) =>
      setParams(previous => {
        previous.set('tab', tab);
        return previous;
      }),
    /** Narrows, sorts or searches; nothing takes a filter away. */
    set: (name: InboxFilter, value: string) =>
      setParams(
        previous => {
          if (value) previous.set(name, value);
          else previous.delete(name);
          return previous;
        },
        // Each letter of a search is no step to go back by.
        { replace: name === 'q' },
      ),
    clearFilters: () =>
      setParams(previous => {
        FILTERS.forEach(name => previous.delete(name));
        return previous;
      }),
  };
}

/** Whether a list is less than its tab has. */
export function isNarrowed(query: InboxQuery): boolean {
  const { q, state, kind, api, caller, system } = query;
  return [q, state, kind, api, caller, system].some(Boolean);
}

function readQuery(params: URLSearchParams): InboxQuery {
  const tab = TABS.find(each => each === params.get('tab')) ?? 'waiting';
  const state = params.getAll('state').filter(isState);
  const api = params.get('api') ?? undefined;
  const caller = params.get('caller') ?? undefined;
  const system = params.get('system') ?? undefined;
  const kind = KINDS.filter(each => params.getAll('kind').includes(each));
  const q = params.get('q') ?? undefined;
  const sort =
    SORTS.find(each => each === params.get('sort')) ??
    (tab === 'waiting' ? 'risk' : '-createdAt');
  return {
    tab,
    sort,
    ...(system && { system }),
    ...(kind.length > 0 && { kind }),
    ...(q && { q }),
    ...(api && { api }),
    ...(caller && { caller }),
    ...(state.length > 0 && { state }),
  };
}

function isState(text: string): text is RequestState {
  return Object.hasOwn(STATE_SET, text);
}
