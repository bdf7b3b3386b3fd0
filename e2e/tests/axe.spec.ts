import { expect, test } from '@playwright/test';
import { fillRequest, openAccessTab } from '../support/access';
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
    ['API access', '/catalog/default/api/orders/access', /^Closed/],
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

test('axe finds nothing: dialogs of an API', async ({ page: priya }) => {
  test.setTimeout(240_000);
  await signInAs(priya, 'Priya');
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
  // Backstage draws everything anew in another theme: the dialog comes back with what was written.
  await expect(dialog.getByLabel('Why')).toHaveValue('Try it there first');
  await priya.keyboard.press('Escape');
  const discard = priya.getByRole('button', { name: 'Discard' });
  await expect(discard).toBeVisible();
  await expectAccessible(priya, 'request, discard');
  await discard.click();
  await expect(dialog).toBeHidden();
});

test('axe finds nothing: change, renew and end of a grant', async ({
  page: omar,
}) => {
  test.setTimeout(240_000);
  await signInAs(omar, 'Omar');
  await openAccessTab(omar, 'orders');
  const dialog = omar.getByRole('dialog');
  for (const action of ['Change', 'Renew', 'End']) {
    await omar
      .getByRole('button', { name: /^Change, renew or end the grant of Cart/ })
      .click();
    await omar.getByRole('menuitem', { name: action }).click();
    await expect(dialog.getByLabel('Why')).toBeVisible();
    await expect(omar.getByRole('progressbar')).toHaveCount(0);
    await expectAccessible(omar, `${action} of a grant`);
    await omar.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});
