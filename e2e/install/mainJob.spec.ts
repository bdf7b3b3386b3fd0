import { execFileSync } from 'node:child_process';
import { expect, test as base } from '@playwright/test';
import type { BrowserContext, Page } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { merge } from '../support/merge';
import { portal } from '../support/portal';

const REASON = 'Order status on the confirmation page';

/** Signs somebody in at the host's own sign-in page, in a browser of their own. */
const test = base.extend<{ as: (name: string) => Promise<Page> }>({
  as: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async name => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      await page.goto('/');
      await page.getByLabel('Your name').fill(name, { timeout: 60_000 });
      await page.getByRole('button', { name: 'Sign in' }).click();
      const menu = page.getByRole('link', { name: 'Settings' }).first();
      // Its people are in the catalog a moment after the backend is ready; the tab remembers who asked.
      await expect(async () => {
        if (!(await menu.isVisible())) await page.reload();
        await menu.waitFor({ timeout: 15_000 });
      }).toPass({ timeout: 120_000 });
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

test('in a Backstage of somebody else: asked, approved, proposed, merged, in force', async ({
  as,
}) => {
  test.setTimeout(300_000);

  const priya = await as('priya');
  await openAccessTab(priya, 'orders');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^GET \/orders\W*List orders/],
    where: 'prod-eu',
    reason: REASON,
  });
  await expect(
    priya
      .getByRole('dialog')
      .getByText('clusters/prod-eu/ordering/callgate-orders.yaml'),
  ).toBeVisible();
  const requestUrl = await sendRequest(priya);
  // Nobody decides on what they asked themselves, whatever a policy allows that allows everything.
  await expect(priya.getByRole('button', { name: 'Approve' })).toBeDisabled();

  const omar = await as('omar');
  await omar.goto(requestUrl);
  await omar.getByRole('button', { name: 'Approve' }).click();
  await expect(
    omar.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({ timeout: 60_000 });

  const petra = await as('petra');
  await merge(petra, requestUrl);

  await openAccessTab(priya, 'orders');
  const row = priya.getByRole('row', { name: /Checkout.*GET \/orders/ });
  await expect(row).toContainText('All 3 layers', { timeout: 60_000 });
  await expect(row).toContainText('Omar');
  const declaration = execFileSync(
    'git',
    [
      '--git-dir',
      `${portal.data}/policies.git`,
      'show',
      'main:policies/default/orders.yaml',
    ],
    { encoding: 'utf8' },
  );
  expect(declaration).toContain(REASON);
  expect(declaration).toContain('caller: component:default/checkout');
});
