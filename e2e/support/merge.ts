import { expect, type Page } from '@playwright/test';

/** Merges the pull request of a request, once it is there. */
export async function merge(page: Page, requestUrl: string): Promise<void> {
  await page.goto(requestUrl);
  await page
    .getByRole('link', { name: /^Pull request #/ })
    .first()
    .click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Merge now' })
    .click();
  await expect(page.getByText('Merged', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });
}
