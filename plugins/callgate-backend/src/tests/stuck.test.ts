import fs from 'node:fs';
import path from 'node:path';
import {
  eventually,
  startShop,
  type RunningShop,
} from '../__testUtils__/startShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

describe('a build that is stuck', () => {
  let shop: RunningShop;
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.stop());

  it('says on the page of the request what is wrong and who mends it', async () => {
    const first = await send(shop, 'priya');
    await approve(shop, 'omar', first);
    const { number } = await proposalOf(shop, first);
    const file = path.join(shop.directory, `pull-requests/${number}.json`);
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.slice(0, 40));

    const second = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    await approve(shop, 'omar', second);
    const { problem } = await eventually(
      async () => (await shop.as('priya').get(`/requests/${second.id}`)).body,
      body => body.problem !== undefined,
    );
    expect(problem).toEqual({
      code: 'repository-damaged',
      text: `Pull request ${number} cannot be read: its file pull-requests/${number}.json is damaged. Restore it from a back-up, or remove it.`,
      mender: 'platform-team',
    });
    const { body: list } = await shop.as('petra').get('/proposals');
    expect(list.items).toEqual([
      expect.objectContaining({
        problem: problem.text,
        problemCode: 'repository-damaged',
        problemMender: 'platform-team',
      }),
    ]);
  });
});
