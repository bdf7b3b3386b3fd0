import { expect, test } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { expectAccessible } from '../support/accessible';
import { signInAs } from '../support/people';

const EXPLAINED =
  '/access/explain?from=component:default/checkout&to=api:default/orders&method=DELETE&path=/admin/orders/7';

test('axe finds nothing: sign-in', async ({ page }) => {
  await page.goto('/');
  await expect(
    page.getByRole('heading', { name: 'Who are you today?' }),
  ).toBeVisible();
  await expectAccessible(page, 'sign-in');
});

test('axe finds nothing: pages', async ({ page }) => {
  test.setTimeout(240_000);
  await signInAs(page, 'Petra');
  const pages: [screen: string, path: string, shows: RegExp][] = [
    ['landing page', '/', /^Waits for you/],
    ['inbox', '/access/requests', /./],
    ['all requests', '/access/requests?tab=all', /./],
    ['pull requests', '/access/proposals', /claimed by several owners/],
    ['claims', '/access/claims', /Prepare pull request/],
    ['explain', EXPLAINED, /^Refused in prod-eu/],
    ['API access', '/catalog/default/api/orders/access', /^Closed to/],
    ['calls', '/catalog/default/component/checkout/calls', /^Calls/],
    ['AccessPolicy', '/catalog/default/accesspolicy/orders', /^Grants/],
    ['notifications', '/notifications', /^Notifications/],
    ['404', '/access/nothing', /PAGE NOT FOUND/],
  ];
  for (const [screen, path, shows] of pages) {
    await page.goto(path);
    await expect(
      page.getByRole('main').getByText(shows).first(),
      screen,
    ).toBeVisible();
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expectAccessible(page, screen);
  }
});

test('axe finds nothing: from the question to the merge', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const as = async (name: string) => {
    const page = await (await browser.newContext()).newPage();
    await signInAs(page, name);
    return page;
  };
  const priya = await as('Priya');
  await openAccessTab(priya, 'orders');
  const dialog = priya.getByRole('dialog');
  for (const action of ['Show policy', 'Explain']) {
    await priya
      .getByRole('button', { name: new RegExp(`^${action}`) })
      .first()
      .click();
    await expect(dialog).toBeVisible();
    await expectAccessible(priya, `${action}, as a dialog`);
    await priya.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }

  await priya.getByRole('button', { name: 'Request access' }).click();
  await expect(dialog.getByRole('checkbox').first()).toBeVisible();
  await expectAccessible(priya, 'request, empty');
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^GET \/orders\W*List orders/],
    where: 'staging',
    reason: 'Try it there first',
  });
  await expect(
    dialog.getByText('Cannot be granted like this.').first(),
  ).toBeVisible();
  await expectAccessible(priya, 'request, blocked');
  await priya.keyboard.press('Escape');
  const discard = priya.getByRole('button', { name: 'Discard' });
  await expect(discard).toBeVisible();
  await expectAccessible(priya, 'request, discard');
  await discard.click();
  await expect(dialog).toBeHidden();

  await openAccessTab(priya, 'shipping');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^GET \/carriers/],
    where: 'prod-eu',
    reason: 'Who carries a parcel, before it is paid',
  });
  await expect(dialog.getByText(/callgate-shipping.yaml/)).toBeVisible();
  await expectAccessible(priya, 'request, with its meaning');
  const request = await sendRequest(priya);
  await expectAccessible(priya, 'request page of who asked');

  const felix = await as('Felix');
  await felix.goto('/access/requests');
  await expect(felix.getByText(/asks to/).first()).toBeVisible();
  await expectAccessible(felix, 'inbox of who decides');
  await felix.goto(request);
  await expect(felix.getByRole('button', { name: 'Approve' })).toBeEnabled();
  await expectAccessible(felix, 'request page of who decides');
  await felix.getByRole('button', { name: 'Approve' }).click();
  await expect(
    felix.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({ timeout: 60_000 });

  const petra = await as('Petra');
  await petra.goto('/access/proposals');
  await petra
    .getByRole('link', { name: /Shipping/ })
    .first()
    .click();
  await expect(petra.getByRole('button', { name: /^Merge/ })).toBeVisible();
  await expectAccessible(petra, 'pull request');
  await petra.getByRole('button', { name: /^Merge/ }).click();
  await expect(petra.getByRole('dialog')).toBeVisible();
  await expectAccessible(petra, 'merge');
  await petra.goto('/notifications');
  await expectAccessible(petra, 'notifications of who has some');

  // What the other tests count is as it was.
  await priya.bringToFront();
  await priya.reload();
  await priya.getByRole('button', { name: 'Withdraw' }).click();
  await expect(priya.getByText('Withdrawn').first()).toBeVisible();
});
