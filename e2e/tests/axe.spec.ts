import { expect } from '@playwright/test';
import { fillRequest, openAccessTab } from '../support/access';
import { expectAccessible } from '../support/accessible';
import { signInAs, test } from '../support/people';

const EXPLAINED =
  '/access/explain?from=component:default/checkout&to=api:default/orders&method=DELETE&path=/admin/orders/7';

test('axe finds nothing: sign-in', async ({ page }) => {
  await page.goto('/');
  const question = page.getByRole('heading', { name: 'Who are you today?' });
  await expectAccessible(page, 'sign-in', question);
});

/** Screens by what is to be seen on them first. */
const PAGES: Record<string, [screen: string, path: string, shows: RegExp][]> = {
  'pages of access': [
    ['landing page', '/', /^Waits for you/],
    ['inbox', '/access/requests', /claimed by several owners/],
    ['all requests', '/access/requests?tab=all', /^All I may see/],
    ['pull requests', '/access/proposals', /claimed by several owners/],
    ['claims', '/access/claims', /Prepare pull request/],
    ['clusters', '/access/clusters', /Nothing has to be settled|to settle$/],
    ['break-glass', '/access/break-glass', /^What could not wait/],
    ['import', '/access/import', /^Stay as they are/],
    ['explain', EXPLAINED, /^Refused in prod-eu/],
  ],
  'pages of entities': [
    ['API access', '/catalog/default/api/orders/access', /^Closed/],
    ['calls', '/catalog/default/component/checkout/calls', /^Calls/],
    ['AccessPolicy', '/catalog/default/accesspolicy/orders', /^Grants/],
  ],
};

for (const [group, pages] of Object.entries(PAGES)) {
  test(`axe finds nothing: ${group}`, async ({ page }) => {
    test.setTimeout(420_000);
    await signInAs(page, 'Petra');
    for (const [screen, path, shows] of pages) {
      await page.goto(path);
      const shown = page.getByRole('main').getByText(shows).first();
      await expectAccessible(page, screen, shown);
    }
  });
}

test('axe finds nothing: dialogs of an API', async ({ page: priya }) => {
  test.setTimeout(240_000);
  await signInAs(priya, 'Priya');
  await openAccessTab(priya, 'orders');
  const dialog = priya.getByRole('dialog');
  for (const action of ['Show policy', 'Explain']) {
    const open = () =>
      priya
        .getByRole('button', { name: new RegExp(`^${action}`) })
        .first()
        .click();
    await open();
    await expectAccessible(priya, `${action}, as a dialog`, dialog, open);
    await priya.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }

  await priya.getByRole('button', { name: 'Request access' }).click();
  const boxes = dialog.getByRole('checkbox').first();
  await expectAccessible(priya, 'request, empty', boxes);
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^GET \/orders\W*List orders/],
    where: 'staging',
    reason: 'Try it there first',
  });
  const blocked = dialog.getByText('Cannot be granted like this.').first();
  await expectAccessible(priya, 'request, blocked', blocked);
  // Backstage draws everything anew in another theme: the dialog came back with what was written.
  await expect(dialog.getByLabel('Why')).toHaveValue('Try it there first');
  await priya.keyboard.press('Escape');
  const discard = priya.getByRole('button', { name: 'Discard' });
  await expectAccessible(priya, 'request, discard', discard, async () => {
    await expect(dialog.getByLabel('Why')).toHaveValue('Try it there first');
    await priya.keyboard.press('Escape');
  });
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
    const why = dialog.getByLabel('Why');
    await expectAccessible(omar, `${action} of a grant`, why);
    await omar.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});

test('axe finds nothing: reviews of grants', async ({ page: paula }) => {
  test.setTimeout(240_000);
  await signInAs(paula, 'Paula');
  await paula.goto('/access/reviews');
  const pickAll = paula.getByRole('checkbox', {
    name: 'Choose all that are shown of Payments API',
  });
  await expectAccessible(paula, 'reviews', pickAll);
  const dialog = paula.getByRole('dialog');
  const open = async () => {
    await pickAll.check();
    await paula
      .getByRole('region', { name: 'Chosen grants' })
      .getByRole('button', { name: 'Keep or end…' })
      .click();
  };
  await open();
  const note = dialog.getByLabel('Note for all of them');
  await expectAccessible(paula, 'reviews, dialog', note, open);
});

test('axe finds nothing: what cannot wait, and deciding it afterwards', async ({
  as,
}) => {
  test.setTimeout(420_000);
  const priya = await as('Priya');
  await openAccessTab(priya, 'inventory');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^GET \/stock\W*List/],
    where: 'prod-eu',
    reason: 'Nobody can pay tonight',
  });
  const dialog = priya.getByRole('dialog');
  const check = dialog.getByRole('checkbox', {
    name: /^Open it before anybody approves it/,
  });
  await check.check();
  const follows = dialog.getByText(/^It goes on at once/);
  // It is not kept with what was written: who comes back to that chooses it again.
  await expectAccessible(priya, 'request, break-glass', follows, () =>
    check.check(),
  );
  await expect(check).toBeChecked();
  await dialog.getByRole('button', { name: 'Open it now' }).click();
  await expect(dialog).toBeHidden();
  await priya.goto('/access/requests?tab=mine');
  const asked = priya.getByRole('link', { name: /^Checkout asks to / }).first();
  const requestUrl = (await asked.getAttribute('href'))!;

  const felix = await as('Felix');
  for (const [screen, path, shows] of [
    ['inbox, decide afterwards', '/access/requests', 'Decide afterwards'],
    ['request, decide afterwards', requestUrl, 'Confirm afterwards'],
  ]) {
    await felix.goto(path);
    const shown = felix.getByRole('main').getByText(shows).first();
    await expectAccessible(felix, screen, shown);
  }
});
