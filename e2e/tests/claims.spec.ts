import { expect, type Page } from '@playwright/test';
import { fillRequest, openAccessTab } from '../support/access';
import { expectAccessible } from '../support/accessible';
import { signInAs, test } from '../support/people';

const WORKLOAD = 'monitoring/StatefulSet/prometheus';
const CONTESTED = /Several owners claim one workload/;

/** Asks on the page of an API what access of the key figures would mean; sends nothing. */
async function preview(page: Page): Promise<void> {
  await openAccessTab(page, 'orders');
  await page.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(page, {
    caller: 'Key figures',
    operations: [/^GET \/orders\W*List orders/],
    where: 'prod-eu',
    reason: 'Sales by the hour',
  });
}

test('the platform team settles whose a contested workload is, and the finding is gone', async ({
  as,
}) => {
  test.setTimeout(180_000);
  const ines = await as('Ines');
  await preview(ines);
  await expect(
    ines.getByRole('dialog').getByText(CONTESTED).first(),
  ).toBeVisible();

  const petra = await as('Petra');
  await petra.goto('/access/proposals');
  await petra
    .getByRole('link', { name: /1 workload is claimed by several owners/ })
    .click();
  await expect(petra).toHaveURL(/\/access\/claims$/);
  const claim = petra.getByRole('region', { name: WORKLOAD });
  await expect(claim.getByText('Key figures').first()).toBeVisible();
  await claim.getByRole('radio', { name: /^Insight team/ }).check();
  await claim.getByRole('button', { name: 'Prepare pull request' }).click();
  const changes = claim.getByRole('region', {
    name: 'Changes in profiles/prod-eu.yaml',
  });
  await expect(changes).toContainText(
    /namespaces: \[monitoring\], selector: \{ app: prometheus \}/,
  );
  await expectAccessible(petra, 'settlement that is prepared', changes);
  await claim.getByRole('button', { name: 'Merge' }).click();
  await expect(
    petra.getByText(/is settled: it belongs to Insight team/),
  ).toBeVisible();
  await expect(petra.getByText('Nobody contests a claim.')).toBeVisible();

  // The dialog is there again with what she wrote, which means something now.
  await ines.reload();
  const dialog = ines.getByRole('dialog');
  await expect(dialog.getByLabel('Who will call')).toHaveValue('Key figures');
  await expect(
    dialog.getByRole('button', { name: 'Send request' }),
  ).toBeVisible();
  await expect(dialog.getByText(CONTESTED)).toHaveCount(0);
});

test('whose workloads are is for the platform team alone', async ({ page }) => {
  await signInAs(page, 'Omar');
  await page.goto('/access/proposals');
  await expect(page.getByRole('tab', { name: 'Open' })).toBeVisible();
  await expect(page.getByRole('link', { name: /claim/i })).toHaveCount(0);
  await page.goto('/access/claims');
  await expect(page.getByText(/PAGE NOT FOUND/)).toBeVisible();
});
