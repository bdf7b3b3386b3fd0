import fs from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import Ajv2020 from 'ajv/dist/2020';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { askOfGrant, mergeOf } from '../__testUtils__/grantSteps';
import {
  approve,
  commitElsewhere,
  git,
  send,
  DRAFT,
} from '../__testUtils__/steps';

jest.setTimeout(240_000);

const ORDERS = 'api:default/orders';
const REASON = '=cmd|\' /C calc\'!A0\nSecond line, "quoted" 🚀';

const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(
    fs.readFileSync(
      resolvePackagePath(
        '@callgate/plugin-callgate-common',
        'schema/evidence.schema.json',
      ),
      'utf8',
    ),
  ),
);

let shop: ChangedShop;
async function start(changes: ShopChanges = {}): Promise<void> {
  shop = await startChangedShop(changes);
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(() => shop?.stop());

/** A document that is valid by the published schema. */
async function exportOf(kind: 'grants' | 'decisions', at = '', by = 'petra') {
  const { status, body, text, headers } = await shop
    .as(by)
    .get(`/exports/${kind}${at && `?at=${encodeURIComponent(at)}`}`);
  if (status !== 200) throw new Error(`${status} ${text}`);
  validate(body);
  expect(validate.errors ?? []).toEqual([]);
  return { ...body, headers };
}

const csvOf = async (kind: 'grants' | 'decisions', by = 'petra') =>
  shop.as(by).get(`/exports/${kind}?format=csv`);

type Row = { grant?: string; request?: { number: number } };

it('is the grants of a moment by the history of the repository, each with what it rests on', async () => {
  await start();
  const before = await exportOf('grants');
  const asked = await send(shop, 'priya', { ...DRAFT, reason: REASON });
  await approve(shop, 'omar', asked);
  await mergeOf(shop, asked);
  const file = git(shop, 'show', 'main:policies/default/orders.yaml');
  const grant = /id: (checkout-\w+)/.exec(file)![1];
  const find = (rows: Row[]) => rows.find(row => row.grant === grant);

  const now = await exportOf('grants');
  expect(now.commit.id).toBe(git(shop, 'rev-parse', 'main').trim());
  expect(now.rows).toBe(before.rows + 1);
  expect(find(before.items)).toBeUndefined();
  const [tip] = git(shop, 'log', '-1', '--format=%P', 'main').trim().split(' ');
  expect(find(now.items)).toMatchObject({
    api: ORDERS,
    caller: DRAFT.caller,
    operations: ['listOrders'],
    clusters: ['prod-eu'],
    reason: REASON,
    requestedBy: 'user:default/priya',
    approvedBy: ['user:default/omar'],
    requestId: asked.id,
    request: {
      number: asked.number,
      kind: 'new',
      state: 'merged',
      requestedBy: 'user:default/priya',
      meaning: 'Opens Checkout → GET /orders of Orders API.',
      digest: asked.digest,
      pullRequest: { number: 1 },
      commit: git(shop, 'log', '-1', '--format=%H', 'main^2').trim(),
      mergedBy: 'user:default/petra',
    },
    decisions: [
      {
        event: 'approved',
        by: 'user:default/omar',
        role: 'api-owner',
        of: ORDERS,
        digest: asked.digest,
        counts: true,
      },
    ],
  });
  expect(tip).toBe(before.commit.id);

  // Ended, and still there in the evidence of before.
  const end = await askOfGrant(shop, 'omar', {
    kind: 'end',
    api: ORDERS,
    grant,
  });
  await new Promise(later => setTimeout(later, 1_100));
  await mergeOf(shop, end);
  expect(find((await exportOf('grants')).items)).toBeUndefined();
  const then = await exportOf('grants', now.commit.at);
  expect(then.commit).toEqual(now.commit);
  expect(find(then.items)).toMatchObject({ operations: ['listOrders'] });

  // What was decided, in the order in which it was asked.
  const decided = await exportOf('decisions');
  expect(
    decided.items.map(
      (row: {
        decision: { event: string; by?: string };
        request: { kind: string };
      }) => [row.request.kind, row.decision.event, row.decision.by],
    ),
  ).toEqual([
    ['new', 'approved', 'user:default/omar'],
    ['end', 'not-needed', undefined],
  ]);
  // Nothing of it had happened when it was asked.
  const early = await exportOf('decisions', asked.createdAt);
  expect(early).toMatchObject({ rows: 0, leftOut: 0, items: [] });
});

it('names no request that the declaration was made to name by hand', async () => {
  await start();
  const asked = await send(shop, 'priya');
  await approve(shop, 'omar', asked);
  await mergeOf(shop, asked);
  commitElsewhere(shop, {
    'policies/default/inventory.yaml': text =>
      text.replace(
        'id: cart-reads-stock\n',
        `id: cart-reads-stock\n      request: ${asked.id}\n`,
      ),
  });
  const { items } = await exportOf('grants');
  const row = items.find((each: Row) => each.grant === 'cart-reads-stock');
  expect(row).toMatchObject({ requestId: asked.id, decisions: [] });
  expect(row.request).toBeUndefined();
});

it('leaves out what the catalog hides, and says how much', async () => {
  await start({
    hides: (person, ref) =>
      person === 'user:default/stan' && ref === 'component:default/cart',
  });
  const asked = await send(shop, 'cora', {
    ...DRAFT,
    caller: 'component:default/cart',
  });
  await approve(shop, 'omar', asked);
  const all = await exportOf('grants');
  const some = await exportOf('grants', '', 'stan');
  const ofCart = all.items.filter(
    ({ caller }: { caller: string }) => caller === 'component:default/cart',
  );
  expect(ofCart.length).toBeGreaterThan(0);
  expect(some.leftOut).toBe(ofCart.length);
  expect(some.rows).toBe(all.rows - ofCart.length);
  expect(JSON.stringify(some.items)).not.toContain('component:default/cart');
  expect(await exportOf('decisions')).toMatchObject({ rows: 1, leftOut: 0 });
  expect(await exportOf('decisions', '', 'stan')).toMatchObject({
    rows: 0,
    leftOut: 1,
    items: [],
  });
  const csv = await csvOf('decisions', 'stan');
  expect(csv.text).toMatch(
    /"Rows: 0\. Left out, because the catalog does not show them to you: 1\."/,
  );
});

it('says that declarations could not be read, and that the repository is younger than the moment', async () => {
  await start();
  commitElsewhere(shop, {
    'policies/default/inventory.yaml': () => 'spec: [\n',
  });
  expect(await exportOf('grants')).toMatchObject({ unreadable: 1 });
  const early = await exportOf('grants', '2001-01-01');
  expect(early).toMatchObject({
    at: '2001-01-01T23:59:59.999Z',
    rows: 0,
    unreadable: 0,
  });
  expect(early.commit).toBeUndefined();
  for (const at of ['2999-01-01', '2027-02-29', 'soon', "1' OR 1=1"]) {
    const answer = await shop
      .as('petra')
      .get(`/exports/grants?at=${encodeURIComponent(at)}`);
    expect([answer.status, answer.body.error.code]).toEqual([
      400,
      'bad-moment',
    ]);
  }
  const format = await shop.as('petra').get('/exports/grants?format=xlsx');
  expect(format.status).toBe(400);
});

it('opens in a spreadsheet without running what people wrote', async () => {
  await start();
  const asked = await send(shop, 'priya', { ...DRAFT, reason: REASON });
  await shop.as('omar').post(`/requests/${asked.id}/reject`, {
    reason: '@SUM(1+1); =HYPERLINK("http://x.example")',
  });
  const { text, headers, status } = await csvOf('decisions');
  expect(status).toBe(200);
  expect(headers['content-type']).toMatch(/^text\/csv; charset=utf-8/);
  expect(headers['content-disposition']).toMatch(
    /^attachment; filename="callgate-decisions-[0-9T-]+Z\.csv"$/,
  );
  expect(text.charCodeAt(0)).toBe(0xfeff);
  // Every cell is quoted, quotes are doubled, records end with CR LF (RFC 4180).
  expect(text).toContain(`"'=cmd|' /C calc'!A0\nSecond line, ""quoted"" 🚀"`);
  expect(text).toContain(`"'@SUM(1+1); '=HYPERLINK(""http://x.example"")"`);
  const records = text.slice(1).split('\r\n');
  expect(records[0]).toMatch(/^"record","api","caller",/);
  expect(records[1]).toMatch(/^"decision","api:default\/orders",/);
  expect(records[2]).toMatch(/^"end",/);
  expect(records.slice(3)).toEqual(['']);
});
