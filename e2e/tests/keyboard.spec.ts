import { expect, type Page } from '@playwright/test';
import { openAccessTab } from '../support/access';
import { expectAccessible } from '../support/accessible';
import { pressOn, tabTo } from '../support/keyboard';
import { signInAs, test } from '../support/people';

/** What a screen reader is told while the page stays. */
function told(page: Page) {
  return page
    .getByRole('status')
    .or(page.getByRole('alert'))
    .or(page.locator('[aria-live="polite"]'));
}

test('keyboard alone: asked, decided and merged, and what happens is told', async ({
  as,
}) => {
  test.setTimeout(480_000);
  const priya = await as('Priya');
  await openAccessTab(priya, 'shipping');
  const ask = priya.getByRole('button', { name: 'Request access' });
  await pressOn(priya, ask);
  const dialog = priya.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await priya.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ask).toBeFocused();
  await priya.keyboard.press('Enter');

  await tabTo(priya, dialog.getByLabel('Who will call'));
  await priya.keyboard.type('Cart');
  await expect(priya.getByRole('option').first()).toHaveText(/^Cart/);
  await priya.keyboard.press('Enter');
  await expect(dialog.getByLabel('Who will call')).toHaveValue(/^Cart/);
  // The operations are one stop: arrows walk them.
  await tabTo(priya, dialog.getByRole('checkbox').first());
  const carriers = dialog.getByRole('checkbox', { name: /^GET \/carriers/ });
  await expect(async () => {
    await priya.keyboard.press('ArrowDown');
    await expect(carriers).toBeFocused({ timeout: 200 });
  }).toPass();
  await priya.keyboard.press('Space');
  await expect(carriers).toBeChecked();
  const where = dialog.getByRole('group', { name: 'Where' });
  await pressOn(
    priya,
    where.getByRole('checkbox', { name: 'prod-eu' }),
    'Space',
  );
  await tabTo(priya, dialog.getByLabel('Why'));
  await priya.keyboard.type('Who carries it stands in the basket');
  await expect(
    dialog
      .getByRole('status')
      .filter({ hasText: /Opens Cart/ })
      .first(),
  ).toBeAttached();
  // Back leaves the dialog, not the page, and what was written is there again.
  await priya.goBack();
  await expect(dialog).toBeHidden();
  await pressOn(priya, ask);
  await expect(dialog.getByLabel('Why')).toHaveValue(/stands in the basket$/);
  await pressOn(priya, dialog.getByRole('button', { name: 'Send request' }));
  await expect(dialog).toBeHidden();
  await expect(
    told(priya)
      .filter({ hasText: /The request is sent/ })
      .first(),
  ).toBeAttached();

  await pressOn(
    priya,
    priya.getByRole('link', { name: /Cart asks to/ }).last(),
  );
  await expect(priya).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  await expectAccessible(
    priya,
    'request page of who asked',
    priya.getByRole('button', { name: 'Withdraw' }),
  );

  const felix = await as('Felix');
  await felix.goto('/access/requests');
  await expectAccessible(
    felix,
    'inbox of who decides',
    felix.getByText(/asks to/).first(),
  );
  // To the first row, and from there to this request, whatever waits beside it.
  await felix.keyboard.press('j');
  await pressOn(
    felix,
    felix.getByRole('link', { name: /Cart asks to/ }).first(),
  );
  await expect(felix).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  const approve = felix.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeEnabled();
  await expectAccessible(felix, 'request page of who decides', approve);
  await pressOn(felix, approve);
  await expect(
    told(felix)
      .filter({ hasText: /approved/i })
      .first(),
  ).toBeAttached();
  await expect(
    felix.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({ timeout: 60_000 });

  const petra = await as('Petra');
  await petra.goto('/access/proposals');
  await pressOn(petra, petra.getByRole('link', { name: /Shipping/ }).first());
  const merge = petra.getByRole('button', { name: /^Merge/ });
  await expectAccessible(petra, 'pull request', merge);
  await pressOn(petra, merge);
  const confirm = petra.getByRole('dialog');
  await expect(confirm).toBeVisible();
  await petra.keyboard.press('Escape');
  await expect(confirm).toBeHidden();
  await expect(merge).toBeFocused();
  await petra.keyboard.press('Enter');
  await pressOn(petra, confirm.getByRole('button', { name: /^Merge/ }));
  await expect(
    told(petra)
      .filter({ hasText: /merged/i })
      .first(),
  ).toBeAttached({ timeout: 60_000 });

  await felix.goto('/notifications');
  // The page is Backstage's own; axe finds faults in it, and none in what Callgate says there.
  await expect(
    felix.getByRole('heading', { name: /^Unread notifications/ }),
  ).toBeVisible({ timeout: 60_000 });
});

test('keyboard alone: a call is explained, and the answer is told', async ({
  page,
}) => {
  await signInAs(page, 'Cora');
  const ends = 'from=component:default/checkout&to=api:default/orders';
  await page.goto(`/access/explain?${ends}&method=GET&path=/orders`);
  await expect(page.getByLabel('Path')).toBeVisible();
  await tabTo(page, page.getByLabel('Path'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('/admin/orders/7');
  await pressOn(
    page,
    page.getByRole('button', { name: 'Explain', exact: true }),
  );
  await expect(page).toHaveURL(/path=%2Fadmin/);
  await expect(
    told(page)
      .filter({ hasText: /^Refused in prod-eu/ })
      .first(),
  ).toBeAttached();
});
