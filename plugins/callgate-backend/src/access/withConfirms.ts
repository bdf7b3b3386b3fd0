import type { Finding as CoreFinding } from '@callgate/policy';
import type { AccessRow, Finding } from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import { OPEN_STATES } from './requestLifecycle';

/** Rows of access in which grants with ends that nobody approved lead to the request to confirm them. */
export function withConfirms<
  T extends { callers?: AccessRow[]; calls?: AccessRow[] },
>(view: T, requests: readonly StoredRequest[]): T {
  const linked = (row: AccessRow): AccessRow => ({
    ...row,
    grants: row.grants.map(grant => {
      const request =
        grant.unconfirmed &&
        openConfirm(requests, grant.api, 'grant', grant.id);
      return grant.unconfirmed && request
        ? {
            ...grant,
            unconfirmed: { ...grant.unconfirmed, request: request.id },
          }
        : grant;
    }),
  });
  return {
    ...view,
    ...(view.callers && { callers: view.callers.map(linked) }),
    ...(view.calls && { calls: view.calls.map(linked) }),
  };
}

/**
 * Findings of components that nobody has confirmed as providers, with what the reader may ask for.
 *
 * @param askable - those of whose component or API the reader is an owner
 */
export function withProviderAsks<T extends { findings: Finding[] }>(
  view: T,
  askable: readonly CoreFinding[],
  requests: readonly StoredRequest[],
): T {
  return {
    ...view,
    findings: view.findings.map(found => {
      const [provider] = found.objects;
      const about =
        found.code === 'provider-not-confirmed'
          ? askable.find(
              each =>
                each.message === (found.detail ?? found.message) &&
                each.objects[0] === provider,
            )
          : undefined;
      if (about?.api === undefined) return found;
      const { api } = about;
      const request = openConfirm(requests, api, 'provider', provider);
      return {
        ...found,
        ask: { api, provider, ...(request && { request: request.id }) },
      };
    }),
  };
}

function openConfirm(
  requests: readonly StoredRequest[],
  api: string,
  kind: 'grant' | 'provider',
  id: string,
): StoredRequest | undefined {
  return requests.find(({ apiRef, state, draft: { confirm } }) => {
    if (!confirm || apiRef !== api || !OPEN_STATES.includes(state)) {
      return false;
    }
    return 'grant' in confirm
      ? kind === 'grant' && confirm.grant === id
      : kind === 'provider' && confirm.provider === id;
  });
}
