import type { RequestState } from '@callgate/plugin-callgate-common';
import { useMemo } from 'react';
import type { RequestQuery, RequestTab } from '../../api';
import { useSearchParams } from '../../routing';

/** The tabs of the inbox, in their order. */
export const TABS: readonly RequestTab[] = ['waiting', 'mine', 'all'];

const STATES: { [state in RequestState]: true } = {
  submitted: true,
  approved: true,
  proposed: true,
  merged: true,
  rejected: true,
  withdrawn: true,
  declined: true,
  superseded: true,
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
    clearFilters: () =>
      setParams(previous => {
        ['api', 'caller', 'state'].forEach(name => previous.delete(name));
        return previous;
      }),
  };
}

function readQuery(
  params: URLSearchParams,
): Omit<RequestQuery, 'tab'> & { tab: RequestTab } {
  const tab = TABS.find(each => each === params.get('tab')) ?? 'waiting';
  const state = params.getAll('state').filter(isState);
  const api = params.get('api') ?? undefined;
  const caller = params.get('caller') ?? undefined;
  return {
    tab,
    ...(api && { api }),
    ...(caller && { caller }),
    ...(state.length > 0 && { state }),
  };
}

function isState(text: string): text is RequestState {
  return Object.hasOwn(STATES, text);
}
