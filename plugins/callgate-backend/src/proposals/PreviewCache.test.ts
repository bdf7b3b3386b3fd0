import { PreviewCache } from './PreviewCache';
import type { ProposalDraft, Snapshot } from './types';

const DRAFT: ProposalDraft = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  in: [],
  acknowledges: [],
};
// Nothing of it is read: only which object it is counts.
const snapshot = () => ({} as Snapshot);

describe('PreviewCache', () => {
  const cache = new PreviewCache<string>();
  const make = jest.fn(async () => 'made');
  const one = snapshot();

  it('works a draft out once, whatever is typed as its reason', async () => {
    await cache.get(one, { ...DRAFT, reason: 'O' }, make);
    await cache.get(one, { ...DRAFT, reason: 'Order status' }, make);
    expect(make).toHaveBeenCalledTimes(1);
  });

  it('works it out again for other operations and for another state of the repository', async () => {
    await cache.get(one, { ...DRAFT, operations: [{ id: 'getOrder' }] }, make);
    await cache.get(snapshot(), DRAFT, make);
    expect(make).toHaveBeenCalledTimes(3);
  });

  it('tries again what failed', async () => {
    const own = new PreviewCache<string>();
    const failing = async () => {
      throw new Error('not now');
    };
    await expect(own.get(one, DRAFT, failing)).rejects.toThrow('not now');
    expect(await own.get(one, DRAFT, make)).toBe('made');
  });
});
