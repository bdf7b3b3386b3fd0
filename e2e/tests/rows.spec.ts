import { expect, type Page, type Response, test } from '@playwright/test';
import { onCommandLine } from '../support/commandLine';
import { signInAs } from '../support/people';

interface Row {
  caller: { ref: string; name: string; title?: string };
  grants: { id: string }[];
  beyond: { surely: boolean }[];
}

/** Opens the page of an API, and gives what its backend answered. */
async function openAccess(page: Page, api: string) {
  // The first page of a portal that has just started may take long to come.
  const answered = page.waitForResponse(
    (response: Response) =>
      response.url().endsWith(`/api/callgate/apis/default/${api}`),
    { timeout: 60_000 },
  );
  await page.goto(`/catalog/default/api/${api}/access`);
  const { headline, callers } = await (await answered).json();
  return { text: headline.text as string, callers: callers as Row[] };
}

test('one row per caller: the page, its backend and the command line have the same rows and the same sentence', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signInAs(page, 'Petra');
  for (const api of ['payments', 'pricing', 'inventory', 'sorting']) {
    const { text, callers } = await openAccess(page, api);
    const { sentence, rows } = onCommandLine(api);
    expect(text).toBe(sentence);
    await expect(page.getByRole('heading', { name: text })).toBeVisible();

    const refs = callers.map(({ caller }) => caller.ref);
    expect(new Set(refs).size).toBe(refs.length);
    const ofCommandLine = new Map(
      rows.map(({ caller, grants }) => [
        caller.ref,
        grants.map(({ id }) => id),
      ]),
    );
    for (const { caller, grants } of callers) {
      expect([caller.ref, grants.map(({ id }) => id)]).toEqual([
        caller.ref,
        ofCommandLine.get(caller.ref),
      ]);
    }
    const table = page.getByRole('table', { name: 'Callers' });
    const shown = table.locator('tbody > tr');
    await expect(shown).toHaveCount(callers.length);
    for (const [index, { caller, grants, beyond }] of callers.entries()) {
      const row = shown.nth(index);
      await expect(row).toContainText(caller.title ?? caller.name);
      // A line for each grant, and one for each thing that no grant explains.
      await expect(row.locator('td:nth-child(2) > ul > li')).toHaveCount(
        grants.length + beyond.length,
      );
    }
  }
});

test('true at first glance: a caller that can do more than its grant is marked and counted, never a green tick', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await signInAs(page, 'Omar');
  await openAccess(page, 'orders');
  const table = page.getByRole('table', { name: 'Callers' });
  const row = table.locator('tbody > tr', { hasText: 'Operations console' });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('granted by');
  await expect(row).toContainText('can do more');
  await expect(row).toContainText('allow-ops');
  await expect(row).not.toContainText('All 3 layers');
  await expect(page.getByText(/can do more than granted$/)).toBeVisible();
  await row.getByRole('button', { name: /^Show policy/ }).click();
  await expect(
    page.getByRole('dialog').getByText('Ask its owner to remove it'),
  ).toBeVisible();
});

test('Calls lists what the entity can call, granted or not, with Request access', async ({
  page,
}) => {
  await signInAs(page, 'Ines');
  await page.goto('/catalog/default/component/recommendations/calls');
  await expect(
    page.getByText(
      /^Nothing is granted to Recommendations\. \d+ APIs are open/,
    ),
  ).toBeVisible();
  const open = page.getByRole('table', { name: 'Open to everyone' });
  await expect(open.getByRole('link', { name: 'Catalogue API' })).toBeVisible();
  await open
    .getByRole('button', { name: 'Request access to Catalogue API' })
    .click();
  const dialog = page.getByRole('dialog', {
    name: 'Request access to Catalogue API',
  });
  await expect(dialog.getByLabel('Who will call')).toHaveValue(
    /^Recommendations/,
  );
});
