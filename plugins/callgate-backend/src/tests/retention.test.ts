import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { mergeOf } from '../__testUtils__/grantSteps';
import { approve, DRAFT, git, send } from '../__testUtils__/steps';

jest.setTimeout(240_000);

let shop: ChangedShop;
afterEach(() => shop?.stop());

it('takes the texts of one request out of the portal by hand, for the platform team, and rewrites nothing in Git', async () => {
  shop = await startChangedShop();
  await shop.as('omar').get('/apis/default/orders');
  const reason = 'Ada is ill, and covers nothing';
  const asked = await send(shop, 'priya', { ...DRAFT, reason });
  const blank = (person: string) =>
    shop.as(person).post(`/requests/${asked.id}/blank-texts`);
  expect((await blank('petra')).body.error).toMatchObject({
    code: 'wrong-state',
  });
  await approve(shop, 'omar', asked);
  await mergeOf(shop, asked);
  const tip = git(shop, 'rev-parse', 'main');
  for (const person of ['priya', 'omar', 'stan']) {
    const { status, body } = await blank(person);
    expect([person, status, body.error.code]).toEqual([
      person,
      403,
      'not-platform-team',
    ]);
  }
  const { status, body } = await blank('petra');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    state: 'merged',
    digest: asked.digest,
    reason: '',
    textsBlankedAt: expect.stringMatching(/^20/),
  });
  for (const path of [
    `/requests/${asked.id}`,
    '/requests',
    '/requests?q=ada',
    '/exports/decisions',
  ]) {
    expect((await shop.as('petra').get(path)).text).not.toMatch(/Ada is ill/);
  }
  // Git keeps what it has: the declaration has the reason, and is taken out as it was declared.
  expect(git(shop, 'rev-parse', 'main')).toBe(tip);
  const { body: grants } = await shop.as('petra').get('/exports/grants');
  expect(
    grants.items.find(
      ({ requestId }: { requestId?: string }) => requestId === asked.id,
    ),
  ).toMatchObject({
    reason,
    request: { digest: asked.digest, blankedAt: body.textsBlankedAt },
    decisions: [{ by: 'user:default/omar', digest: asked.digest }],
  });
});
