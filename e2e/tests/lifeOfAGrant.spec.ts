import { expect, type Page } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { onCommandLine } from '../support/commandLine';
import { merge } from '../support/merge';
import { test } from '../support/people';

const DAY = 86_400_000;
const READ = /^GET \/payments\/\{payment\}\W*(?!\/)[A-Z]/;
const REFUNDS = /^GET \/payments\/\{payment\}\/refunds/;
const VOID = /^POST \/payments\/\{payment\}\/void/;

/** What Cart may call on Payments, by the files on the target branch. */
const grantedToCart = () =>
  onCommandLine('payments')
    .rows.filter(({ caller }) => caller.ref === 'component:default/cart')
    .flatMap(({ grants }) => grants)
    .flatMap(({ operations }) =>
      operations.map(({ method, path }) => `${method} ${path}`),
    )
    .sort();

/** Sends what is asked about a grant from its page, and opens the page of the request. Returns its path. */
async function sendFromGrant(page: Page, why: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Why/).fill(why);
  await expect(
    dialog.getByText('Nobody has to approve it: it opens nothing.'),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Send request' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('link', { name: /^Open request / }).click();
  await expect(page).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  return new URL(page.url()).pathname;
}

test('a grant lives: asked, given back, sent again, approved, made less, ended, and its page tells all of it', async ({
  as,
}) => {
  test.setTimeout(240_000);

  // Priya asks for more than Paula wants to give, until a day.
  const priya = await as('Priya');
  await openAccessTab(priya, 'payments');
  expect(grantedToCart()).toEqual([]);
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Cart',
    operations: [READ, REFUNDS, VOID],
    reason: 'The basket shows what was paid',
  });
  const lastDay = new Date(Date.now() + 20 * DAY).toISOString().slice(0, 10);
  await priya.getByRole('dialog').getByLabel('Last day').fill(lastDay);
  const requestUrl = await sendRequest(priya);

  const paula = await as('Paula');
  await paula.goto(requestUrl);
  await paula
    .getByRole('textbox', { name: /^Note/ })
    .fill('A basket cancels nothing: reading is enough.');
  await paula.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(
    paula.getByText('Waits for Priya Raman to change it').first(),
  ).toBeVisible();

  // Priya reads why, changes it, and sends the same request again.
  await priya.reload();
  await expect(
    priya.getByText('A basket cancels nothing: reading is enough.').first(),
  ).toBeVisible();
  await priya.getByRole('button', { name: 'Change and send again' }).click();
  const dialog = priya.getByRole('dialog');
  await expect(dialog.getByLabel('Last day')).toHaveValue(lastDay);
  await dialog.getByRole('checkbox', { name: VOID }).uncheck();
  await dialog.getByLabel(/^What is different/).fill('Reading only');
  await dialog.getByRole('button', { name: 'Send request' }).click();
  await expect(dialog).toBeHidden();
  await expect(
    priya.getByText('Waits for Payments team').first(),
  ).toBeVisible();
  // It was she who changed it, so that nothing changed under her eyes.
  await expect(
    priya.getByText('What this opens has changed while you looked at it'),
  ).toBeHidden();

  // Paula had the page open: she looks at the difference before she can approve.
  await paula.reload();
  await paula
    .getByRole('button', { name: 'I have looked at the difference' })
    .click();
  await paula.getByRole('button', { name: 'Approve' }).click();
  const petra = await as('Petra');
  await merge(petra, requestUrl);
  expect(grantedToCart()).toEqual([
    'GET /payments/{payment}',
    'GET /payments/{payment}/refunds',
  ]);

  // Made less: nobody has to approve what is only taken away.
  await priya.goto(requestUrl);
  await priya.getByRole('link', { name: 'Grant and its history' }).click();
  await expect(
    priya.getByRole('heading', { name: 'Cart may call Payments API' }),
  ).toBeVisible();
  const grantUrl = priya.url();
  await priya.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByRole('checkbox', { name: REFUNDS }).uncheck();
  await merge(petra, await sendFromGrant(priya, 'Refunds are not shown'));
  expect(grantedToCart()).toEqual(['GET /payments/{payment}']);

  // Ended.
  await priya.goto(grantUrl);
  await priya.getByRole('button', { name: 'End', exact: true }).click();
  await merge(petra, await sendFromGrant(priya, 'The basket asks the orders'));
  expect(grantedToCart()).toEqual([]);

  // Its page tells all of it, and says why nothing can be done any more.
  await priya.goto(grantUrl);
  await expect(
    priya.getByRole('heading', {
      name: 'The grant of Cart to call Payments API has ended',
    }),
  ).toBeVisible();
  for (const step of ['Asked for', 'Change', 'End']) {
    await expect(priya.getByText(step, { exact: true }).first()).toBeVisible();
  }
  await expect(priya.getByText(/Petra Vogel merged it/)).toHaveCount(3);
  await expect(
    priya.getByText(/Paula Reyes approved, as an owner of Payments API/),
  ).toHaveCount(1);
  await expect(
    priya.getByText('Nobody had to approve: it opens nothing'),
  ).toHaveCount(2);
  await expect(priya.getByText('The grant has ended.')).toBeVisible();
  await expect(
    priya.getByRole('button', { name: 'End', exact: true }),
  ).toBeDisabled();
});
