import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { clustersOf } from '../meaning/worldOf';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import type { CatalogEntity } from '../model/types';
import type { Compilation } from './types';

function access(compilation: Compilation, from: string, to: string) {
  const [cluster] = clustersOf({ compilation, clusters: [shopCluster()] });
  return describeRequests(
    EffectiveAccessIndex.of(cluster).pair(
      `shop/Deployment/${from}`,
      `shop/Deployment/${to}`,
    ).possible,
  );
}

const changed = (
  name: string,
  annotations: Record<string, string>,
): CatalogEntity[] =>
  shopCatalog().map(entity =>
    entity.metadata.name === name
      ? { ...entity, metadata: { ...entity.metadata, annotations } }
      : entity,
  );

describe('held grants, attacked by who owns a caller', () => {
  it('a caller whose egress is not closed any more is not closed by what is held for it', () => {
    const closed = changed('cart', {
      'backstage.io/kubernetes-id': 'cart',
      'callgate.dev/egress': 'enforce',
    });
    const before = compileShop(
      [policyText('orders', ['checkout: listOrders', 'cart: getOrder'])],
      shopCluster(),
      [],
      closed,
    );
    expect(access(before, 'cart', 'stock')).toBe('');
    const text = policyText('orders', [
      'checkout: listOrders',
      'cart: dropOrders',
    ]);
    const after = compileShop([text], shopCluster(), [...before.files]);
    expect(access(after, 'cart', 'stock')).not.toBe('');
  });
});
