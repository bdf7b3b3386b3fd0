import { expect, type Page } from '@playwright/test';

/** Opens the Access tab of an API. */
export async function openAccessTab(page: Page, api: string): Promise<void> {
  await page.goto(`/catalog/default/api/${api}/access`);
  // The first page of a portal that has just started may take long to come.
  await expect(
    page.getByRole('button', { name: 'Request access' }),
  ).toBeVisible({ timeout: 60_000 });
}

/** What to ask for in the request dialog. */
export interface Ask {
  caller: string;
  /** Beginnings of the names of check boxes, such as `GET /orders,`. */
  operations: RegExp[];
  /** Operations are ones that stand behind "not listed", such as a whole port. */
  unlisted?: boolean;
  where?: string;
  reason: string;
}

/** Fills in the request dialog that is open; sending is left to the test. */
export async function fillRequest(page: Page, ask: Ask): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who will call').fill(ask.caller);
  // The list is found anew while one types: whoever clicks before it has come may miss.
  const name = new RegExp(`^${ask.caller}`);
  await expect(page.getByRole('option').first()).toHaveText(name);
  await page.getByRole('option', { name }).first().click();
  await expect(dialog.getByLabel('Who will call')).toHaveValue(name);
  if (ask.unlisted) {
    await dialog.getByText('What you need is not in the list?').click();
  }
  for (const operation of ask.operations) {
    await dialog.getByRole('checkbox', { name: operation }).check();
  }
  if (ask.where) {
    const where = dialog.getByRole('group', { name: 'Where' });
    const box = where.getByRole('checkbox', { name: ask.where });
    // Where there is one that fits it is suggested, perhaps in the moment in which one clicks.
    await expect(async () => {
      if (!(await box.isChecked())) await box.click();
      await expect(box).toBeChecked({ timeout: 2_000 });
    }).toPass();
  }
  await dialog.getByLabel('Why').fill(ask.reason);
}

/** Sends the request dialog that is open, and opens the page of the request. Returns its path. */
export async function sendRequest(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Send request' }).click();
  await expect(dialog).toBeHidden();
  await page
    .getByRole('link', { name: / asks (to|for) / })
    .last()
    .click();
  await expect(page).toHaveURL(/\/access\/requests\/[0-9A-Z]{26}/);
  return new URL(page.url()).pathname;
}
