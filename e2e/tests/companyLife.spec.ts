import { expect, type Page } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { onCommandLine } from '../support/commandLine';
import { merge } from '../support/merge';
import { test } from '../support/people';
import { lastDays } from '../support/repository';

const DAY = 86_400_000;
const VOID = /^POST \/payments\/\{payment\}\/void/;

const dayIn = (days: number) =>
  new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

/** What a caller may call on an API, by the files on the target branch. */
const granted = (api: string, caller: string) =>
  onCommandLine(api)
    .rows.filter(row => row.caller.ref === `component:default/${caller}`)
    .flatMap(({ grants }) => grants)
    .flatMap(({ operations }) =>
      operations.map(({ method, path }) => `${method} ${path}`),
    )
    .sort();

/** Approves what waits for somebody, on the page of its request. */
async function approve(page: Page, requestUrl: string): Promise<void> {
  await page.goto(requestUrl);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByText(/^Approved/).first()).toBeVisible();
}

/** Sends the dialog about a grant, and opens the page of the request. Returns its path. */
async function send(page: Page, why: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill(why);
  await dialog.getByRole('button', { name: 'Send request' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('link', { name: /^Open request / }).click();
  await expect(page).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  return new URL(page.url()).pathname;
}

test('two have to approve what moves money; it is renewed, and that is undone', async ({
  as,
}) => {
  test.setTimeout(480_000);
  const [first, later] = [dayIn(20), dayIn(40)];

  const cora = await as('Cora');
  await openAccessTab(cora, 'payments');
  expect(granted('payments', 'web')).toEqual([]);
  await cora.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(cora, {
    caller: 'Shop pages',
    operations: [VOID],
    reason: 'Visitors cancel what they have just paid',
  });
  const dialog = cora.getByRole('dialog');
  await dialog.getByLabel('Last day').fill(first);
  await expect(
    dialog.getByText(
      /^Needs: 1 of Payments team.* and 1 of Security.*\(rule money-needs-security\)/,
    ),
  ).toBeVisible();
  const requestUrl = await sendRequest(cora);

  // The first of two opens nothing.
  const paula = await as('Paula');
  await approve(paula, requestUrl);
  await expect(paula.getByText('Waits for Security').first()).toBeVisible();
  await expect(
    paula.getByRole('link', { name: /^Pull request #/ }),
  ).toHaveCount(0);
  const sam = await as('Sam');
  await approve(sam, requestUrl);
  const petra = await as('Petra');
  await merge(petra, requestUrl);
  expect(granted('payments', 'web')).toEqual(['POST /payments/{payment}/void']);
  expect(lastDays('payments', 'web')).toEqual([first]);

  // Longer is more: the same two decide again.
  await cora.goto(requestUrl);
  await cora.getByRole('link', { name: 'Grant and its history' }).click();
  await cora.getByRole('button', { name: 'Renew', exact: true }).click();
  await dialog.getByLabel('Last day').fill(later);
  const renewalUrl = await send(cora, 'The season is longer this year');
  await approve(paula, renewalUrl);
  await approve(sam, renewalUrl);
  await merge(petra, renewalUrl);
  expect(lastDays('payments', 'web')).toEqual([later]);

  // Undone: the terms of before, which is less, so that nobody has to approve it.
  await cora.goto(renewalUrl);
  await cora
    .getByRole('link', { name: /^Pull request #/ })
    .first()
    .click();
  await expect(
    cora.getByRole('heading', { name: 'Undo this pull request' }),
  ).toBeVisible();
  await cora.getByRole('button', { name: /^Change it back: / }).click();
  await expect(dialog.getByLabel('Last day')).toHaveValue(first);
  await expect(
    dialog.getByText('Nobody has to approve it: it opens nothing.'),
  ).toBeVisible();
  await merge(petra, await send(cora, 'It is not longer after all'));
  expect(lastDays('payments', 'web')).toEqual([first]);
  expect(granted('payments', 'web')).toEqual(['POST /payments/{payment}/void']);
});

test('who owns an API keeps grants together, and ends one', async ({ as }) => {
  test.setTimeout(300_000);
  const paula = await as('Paula');
  const others = ['checkout', 'orders-worker', 'returns'];
  const before = others.map(caller => granted('payments', caller));
  expect(granted('payments', 'ledger')).not.toEqual([]);

  await paula
    .getByRole('link', { name: '4 grants wait for your review' })
    .click();
  for (const caller of ['Checkout', 'Orders worker', 'Returns']) {
    await paula
      .getByRole('checkbox', { name: `Choose: ${caller} → Payments API` })
      .check();
  }
  const dialog = paula.getByRole('dialog');
  await paula
    .getByRole('region', { name: 'Chosen grants' })
    .getByRole('button', { name: 'Keep or end…' })
    .click();
  await dialog.getByLabel('Note for all of them').fill('All of them run');
  await dialog.getByRole('button', { name: 'Keep 3' }).click();
  await expect(dialog.getByText('Kept until the next review.')).toHaveCount(3);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await paula
    .getByRole('button', { name: 'Keep or end: Ledger → Payments API' })
    .click();
  await dialog.getByRole('button', { name: 'End 1' }).click();
  await expect(
    dialog.getByText('Say why, so that the caller’s team knows.'),
  ).toBeVisible();
  await dialog
    .getByLabel('Note for all of them')
    .fill('The books are kept elsewhere now');
  await dialog.getByRole('button', { name: 'End 1' }).click();
  const request = dialog.getByRole('link', { name: /^Request / });
  const endUrl = (await request.getAttribute('href'))!;
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(paula.getByText('Nothing waits for your review.')).toBeVisible();

  const petra = await as('Petra');
  await merge(petra, endUrl);
  expect(granted('payments', 'ledger')).toEqual([]);
  expect(others.map(caller => granted('payments', caller))).toEqual(before);
});

test('what could not wait is rejected afterwards, and its end merged', async ({
  as,
}) => {
  test.setTimeout(480_000);
  const priya = await as('Priya');
  await openAccessTab(priya, 'orders');
  expect(granted('orders', 'web')).toEqual([]);
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Shop pages',
    operations: [/^GET \/orders\W*List orders/],
    where: 'prod-eu',
    reason: 'Nobody sees their orders tonight',
  });
  const dialog = priya.getByRole('dialog');
  await dialog
    .getByRole('checkbox', { name: /^Open it before anybody approves it/ })
    .check();
  await dialog.getByRole('button', { name: 'Open it now' }).click();
  await expect(dialog).toBeHidden();
  await priya.getByRole('link', { name: /^Open request / }).click();
  await expect(priya).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  const requestUrl = new URL(priya.url()).pathname;
  await expect(
    priya.getByText('Break-glass · nobody has decided yet'),
  ).toBeVisible();

  const petra = await as('Petra');
  await merge(petra, requestUrl);
  expect(granted('orders', 'web')).toEqual(['GET /orders']);
  // Of its hour Git knows the day alone.
  expect(lastDays('orders', 'web')).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  ]);

  const omar = await as('Omar');
  await omar.goto(requestUrl);
  await expect(
    omar.getByRole('heading', { name: 'Decide afterwards' }),
  ).toBeVisible();
  await omar
    .getByRole('textbox', { name: /^Note/ })
    .fill('The pages ask the cart for that');
  await omar.getByRole('button', { name: 'Reject and end it' }).click();
  await expect(
    omar.getByText('Break-glass · rejected afterwards'),
  ).toBeVisible();
  // It is asked for, and open until somebody merges that.
  expect(granted('orders', 'web')).toHaveLength(1);
  await omar.getByRole('link', { name: 'Grant and its history' }).click();
  const end = omar.getByRole('link', { name: /^Request #/ });
  await expect(async () => {
    await omar.reload();
    await expect(end).toHaveCount(2);
  }).toPass({ timeout: 120_000 });
  const urls = await end.evaluateAll(links =>
    links.map(each => each.getAttribute('href')!),
  );
  await merge(petra, urls.find(url => url !== requestUrl)!);
  expect(granted('orders', 'web')).toEqual([]);
});

test('who grants an operation that is gone is offered the change without it', async ({
  as,
}) => {
  test.setTimeout(300_000);
  const felix = await as('Felix');
  // The whole grant is held, because one of its operations is gone.
  const standings = () =>
    onCommandLine('shipping')
      .rows.filter(({ caller }) => caller.ref.endsWith('/orders-worker'))
      .flatMap(({ grants }) => grants.map(({ standing }) => standing));
  expect(standings()).toEqual(['error']);

  await openAccessTab(felix, 'shipping');
  await felix.getByRole('link', { name: 'Prepare the change' }).first().click();
  const requestUrl = await send(felix, 'Nobody books parcels like that');
  // While it is held nothing of it is in force: what comes back is opened, and somebody else of the team approves it.
  const fatima = await as('Fatima');
  await approve(fatima, requestUrl);
  const petra = await as('Petra');
  await merge(petra, requestUrl);
  expect(standings()).toEqual(['effective']);
  expect(granted('shipping', 'orders-worker')).toEqual([
    'GET /parcels/{parcel}',
  ]);
});
