import { execFileSync } from 'node:child_process';
import { expect, test as base } from '@playwright/test';
import type { BrowserContext, Page } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { merge } from '../support/merge';
import { portal } from '../support/portal';

const REASON = 'Order status on the confirmation page';

/** Requests are for those whom they concern, and the platform team: where the company has a permission policy that says so. */
const COMPANY_POLICY = process.env.E2E_COMPANY_POLICY !== undefined;

/** Pages below /access, and a heading of each. */
const PAGES = [
  ['requests', 'Requests'],
  ['proposals', 'Pull requests'],
  ['claims', 'Who owns what runs'],
  ['approval-rules', 'Who approves'],
  ['reviews', 'Grants to review'],
  ['home', 'Waits for you'],
  [
    'explain?from=component:default/checkout&to=api:default/orders',
    'Checkout calls Orders API',
  ],
] as const;

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

  // Felix owns neither end. Nothing but a policy keeps the request from him.
  const felix = await as('felix');
  await felix.goto(requestUrl);
  await expect(
    COMPANY_POLICY
      ? felix.getByText('PAGE NOT FOUND')
      : felix.getByText(REASON).first(),
  ).toBeVisible();

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

test('the menu leads to the requests, and every page is there', async ({
  as,
}) => {
  const petra = await as('petra');
  await petra
    .getByRole('link', { name: /^Access/ })
    .first()
    .click();
  await expect(petra).toHaveURL(/\/access\/requests$/);
  for (const [page, heading] of PAGES) {
    await petra.goto(`/access/${page}`);
    await expect(
      petra.getByRole('heading', { name: heading }).first(),
    ).toBeVisible();
  }
});

test('the catalog has what was declared, with its grants', async ({ as }) => {
  test.setTimeout(240_000);
  const omar = await as('omar');
  // The catalog reads declarations once a minute.
  await expect(async () => {
    await omar.goto('/catalog/default/accesspolicy/orders');
    await expect(
      omar.getByRole('row', { name: /Checkout.*GET \/orders/ }),
    ).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 150_000 });
});
