import type { AccessRequest } from '@callgate/plugin-callgate-common';
import type { ChangedShop } from '../__testUtils__/changedShop';
import { draftOf, startWithNightjar, TRACES } from '../__testUtils__/nightjar';
import { approve, mergeShown, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

describe('what is said on a pull request', () => {
  let shop: ChangedShop & {
    notified: { recipients: unknown; payload: unknown }[];
  };
  afterEach(() => shop?.stop());

  const read = async (person: string, { id }: { id: string }) =>
    (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

  async function comment(
    person: string,
    { id }: { id: string },
    text: string,
    decision = 'commented',
  ) {
    const { head } = (await shop.as(person).get(`/proposals/${id}`)).body;
    const { status } = await shop
      .as(person)
      .post(`/proposals/${id}/review`, { decision, comment: text, head });
    expect(status).toBe(200);
  }

  it('stands in the timelines of what it carries, for who may see every caller there, and stays once it is merged', async () => {
    shop = await startWithNightjar();
    const mine = await send(shop, 'priya');
    await approve(shop, 'omar', mine);
    const secret = await send(shop, 'ivan', draftOf('orders', 'getOrder'));
    await approve(shop, 'omar', secret);
    const proposal = await proposalOf(
      shop,
      mine,
      ({ requests }) => requests.length === 2,
    );
    shop.notified.length = 0;
    await comment('petra', proposal, 'Why does the nightjar need this?');
    // It names nobody, and may be about whom the reader may not see all the same.
    await comment('petra', proposal, 'It looks like too much.');
    await shop.run('sync-proposals');
    await shop.run('sync-proposals');
    const who = { by: 'user:default/petra', number: proposal.number };
    for (const request of [mine, secret])
      expect((await read('petra', request)).said).toEqual([
        expect.objectContaining({
          ...who,
          text: 'Why does the nightjar need this?',
          person: expect.objectContaining({ ref: 'user:default/petra' }),
        }),
        expect.objectContaining({ text: 'It looks like too much.' }),
      ]);
    // Lena may see Priya's request, and not the other caller.
    const untold = (await read('lena', mine)).said!;
    expect(untold).toEqual([
      expect.objectContaining(who),
      expect.objectContaining(who),
    ]);
    for (const each of untold) expect(each).not.toHaveProperty('text');
    expect(JSON.stringify(untold)).not.toMatch(TRACES);

    // Both who asked, in one message for each look that found something, and it says nothing of it.
    const talk = shop.notified.filter(({ payload }) =>
      JSON.stringify(payload).includes(':talk'),
    );
    expect(talk).toHaveLength(2);
    expect(talk[0].recipients).toMatchObject({
      entityRef: expect.arrayContaining([
        'user:default/priya',
        'user:default/ivan',
      ]),
    });
    expect(JSON.stringify(talk)).not.toMatch(TRACES);

    // What is said between the last look and the merge is not lost.
    await comment('pavel', proposal, 'Fine with me', 'approved');
    expect((await mergeShown(shop, 'petra', proposal)).status).toBe(200);
    const merged = await read('priya', mine);
    expect(merged.state).toBe('merged');
    expect(merged.said!.map(({ text, decision }) => [decision, text])).toEqual([
      [undefined, 'Why does the nightjar need this?'],
      [undefined, 'It looks like too much.'],
      ['approved', 'Fine with me'],
    ]);
  });
});
