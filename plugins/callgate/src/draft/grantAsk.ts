import type { OperationInput } from '@callgate/plugin-callgate-common';
import { operationOf, operationTexts } from './draft';

/** What somebody asks of a grant that is there. */
export const GRANT_KINDS = ['change', 'renew', 'end'] as const;

/** One of {@link GRANT_KINDS}. */
export type GrantKind = (typeof GRANT_KINDS)[number];

/** What is asked of which grant. */
export interface GrantAsk {
  kind: GrantKind;
  /** Ref of the API that it is a grant of. */
  api: string;
  /** Its id, which is one of a kind within its API. */
  grant: string;
  /** Of a change that is prepared: those that stand in the dialog, instead of what the grant has. */
  operations?: OperationInput[];
}

/** As parameters of a URL: `?ask=end&api=api:default/orders&grant=cart-places`. */
export function grantAskToSearch(ask: GrantAsk): URLSearchParams {
  const { kind, api, grant, operations = [] } = ask;
  const search = new URLSearchParams({ ask: kind, api, grant });
  for (const text of operations.flatMap(operationTexts))
    search.append('op', text);
  return search;
}

/** What a URL asks of a grant, or `undefined` where it asks for something else or leaves out which. */
export function grantAskFromSearch(
  search: URLSearchParams,
): GrantAsk | undefined {
  const kind = GRANT_KINDS.find(each => each === search.get('ask'));
  const api = search.get('api');
  const grant = search.get('grant');
  if (!kind || !api || !grant) return undefined;
  const texts = search.getAll('op').filter(Boolean);
  return {
    kind,
    api,
    grant,
    ...(texts.length > 0 && { operations: texts.map(operationOf) }),
  };
}
