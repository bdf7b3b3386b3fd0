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
  const cache = new PreviewCache<string>(text => text.length);
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

  it('holds no more than a bounded amount of text, the least used first', async () => {
    const own = new PreviewCache<string>(text => text.length);
    const text = 'x'.repeat(6_000_000);
    const drafts = [1, 2, 3, 4].map(n => ({ ...DRAFT, in: [`cluster-${n}`] }));
    for (const draft of drafts) await own.get(one, draft, async () => text);
    expect(drafts.map(draft => own.known(one, draft) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('keeps nothing that was made of a state that is past', async () => {
    const own = new PreviewCache<string>(text => text.length);
    const now = snapshot();
    const late = own.get(one, DRAFT, async () => {
      own.known(now, DRAFT);
      return 'of before';
    });
    expect(await late).toBe('of before');
    expect(own.known(now, DRAFT)).toBeUndefined();
  });

  it('tries again what failed', async () => {
    const own = new PreviewCache<string>(text => text.length);
    const failing = async () => {
      throw new Error('not now');
    };
    await expect(own.get(one, DRAFT, failing)).rejects.toThrow('not now');
    expect(await own.get(one, DRAFT, make)).toBe('made');
  });
});
