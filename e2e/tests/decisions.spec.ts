import { expect } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { signInAs, test } from '../support/people';

test('an owner rejects with a reason, which the requester reads', async ({
  as,
}) => {
  test.setTimeout(120_000);
  const priya = await as('Priya');
  await openAccessTab(priya, 'orders');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^POST \/orders\W*Place/],
    where: 'prod-eu',
    reason: 'Checkout places orders',
  });
  const requestUrl = await sendRequest(priya);

  const lena = await as('Lena');
  await lena.goto(requestUrl);
  await expect(lena.getByRole('button', { name: 'Reject' })).toBeVisible();
  await lena
    .getByRole('textbox', { name: /Note/ })
    .fill('The cart places orders; ask it to.');
  await lena.getByRole('button', { name: 'Reject' }).click();
  await expect(lena.getByText('Rejected').first()).toBeVisible();

  await priya.reload();
  await expect(
    priya.getByText('The cart places orders; ask it to.').first(),
  ).toBeVisible();
});

test('a stranger has nothing to decide', async ({ page }) => {
  await signInAs(page, 'Stan');
  await page.goto('/access/requests');
  await expect(page.getByText('Nothing waits for you.')).toBeVisible();
});

test('what cannot be enforced is blocked, with the reason', async ({
  page,
}) => {
  await signInAs(page, 'Priya');
  await openAccessTab(page, 'orders');
  await page.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(page, {
    caller: 'Checkout',
    operations: [/^GET \/orders\W*List orders/],
    where: 'staging',
    reason: 'Try it there first',
  });
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByText('Cannot be granted like this').first(),
  ).toBeVisible();
  await expect(
    dialog.getByText(/Methods are granted on Orders/).first(),
  ).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: 'Send request' }),
  ).toBeDisabled();
});

test('what this version does not support is not known, never open or closed', async ({
  page,
}) => {
  await signInAs(page, 'Petra');
  await openAccessTab(page, 'card-acquirer');
  await expect(page.getByText(/Not known/).first()).toBeVisible();
  await expect(page.getByText(/Cannot be enforced/).first()).toBeVisible();
});
