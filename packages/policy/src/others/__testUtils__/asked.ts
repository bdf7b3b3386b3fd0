import { manifest } from '../../__fixtures__/others';
import { policyText, shopCatalog, shopState } from '../../__fixtures__/shop';
import { meaning } from '../../meaning/meaning';
import type { PolicyState } from '../../meaning/types';
import { prove } from '../../proof/prove';

export const ORDERS = 'shop/Deployment/orders';
export const READ = policyText('orders', ['checkout: listOrders']);

/** What a change of declarations means and proves, beside policies of others. */
export function asked(
  others: string,
  texts: readonly [readonly string[], readonly string[]] = [[], [READ]],
) {
  const [before, after] = texts.map(each => shopState(each, others));
  return { before, after, ...judged(before, after) };
}

/** What a change means, and whether it holds where that is approved. */
export function judged(before: PolicyState, after: PolicyState) {
  const api = 'api:default/orders';
  const meant = meaning({ before, after, api, catalog: shopCatalog() });
  return {
    meant,
    proof: prove({ before, after, approved: [meant.content] }),
  };
}

const policy = (spec: string, name = 'guard') =>
  manifest('security.istio.io/v1', 'AuthorizationPolicy', 'shop', name, spec);
/** An AuthorizationPolicy for the pods of orders. */
export const onOrders = (rest: string, name?: string) =>
  policy(`{ selector: { matchLabels: { app: orders } }, ${rest} }`, name);
