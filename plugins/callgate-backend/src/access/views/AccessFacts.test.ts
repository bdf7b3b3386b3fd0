import type { Snapshot } from '../../proposals/types';
import { AccessFacts } from './AccessFacts';

describe('AccessFacts', () => {
  it('reads who consumes what, and passes over what the catalog has there that is no text', () => {
    const facts = AccessFacts.of({
      policies: [],
      catalog: [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'cart' },
          spec: { consumesApis: [{ toString: 1 }, null, 5, 'orders'] },
        },
      ],
    } as unknown as Snapshot);
    expect(facts.apisConsumedBy('component:default/cart')).toEqual([
      'api:default/orders',
    ]);
  });
});
