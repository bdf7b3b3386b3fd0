import { expect, test, type Page } from '@playwright/test';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- a fixture, which no package exports
import {
  LONG,
  manyOperations,
  manyRequests,
  manyRows,
} from '../../plugins/callgate/dev/wideShop';
import { signInAs } from '../support/people';

/** A desk, a tablet, a desk at 200 %, a phone. */
const WIDTHS = [1280, 768, 640, 390];

/** Answers what the backend says, changed. */
async function mock(
  page: Page,
  path: RegExp,
  change: (answer: Record<string, unknown>) => object,
): Promise<void> {
  await page.route(path, async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

/** Nothing makes the page scroll sideways, and nothing of it, or of its dialog, ends beyond the window. */
async function expectFits(page: Page, screen: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const root =
              document.querySelector('[role="dialog"]') ??
              document.querySelector('main')!;
            const outside = [...root.querySelectorAll('*')].filter(
              each =>
                each.getBoundingClientRect().right > window.innerWidth + 1,
            );
            return {
              beyond: document.documentElement.scrollWidth - window.innerWidth,
              outside: outside.map(each => each.outerHTML.slice(0, 200)),
            };
          }),
        { message: `${screen}, ${width}` },
      )
      .toEqual({ beyond: 0, outside: [] });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('500 callers, 300 operations and 500 requests, with names as long as they can be and from right to left, break no layout', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await mock(page, /\/callgate\/apis\/default\/orders$/, answer => ({
    ...answer,
    callers: manyRows(500),
    api: { ...(answer.api as object), title: LONG },
  }));
  await mock(page, /\/apis\/default\/orders\/operations/, answer => ({
    ...answer,
    operations: manyOperations(300),
  }));
  await mock(page, /\/callgate\/requests\?/, () => ({
    items: manyRequests(50),
    total: 500,
    nextCursor: 'next',
  }));
  await signInAs(page, 'Omar');

  await page.goto('/access/requests');
  await expect(page.getByText('50 of 500')).toBeVisible();
  await expectFits(page, 'inbox');

  await page.goto('/catalog/default/api/orders/access');
  await expect(page.getByText('50 of 500 are shown')).toBeVisible();
  const rows = page.getByRole('table', { name: 'Callers' }).locator('tbody tr');
  await expect(rows).toHaveCount(50);
  await expectFits(page, 'API access');

  await page.getByRole('button', { name: 'Request access' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('0 of 300')).toBeVisible();
  await expectFits(page, 'request dialog');
  // The menu asks again now and then, and may wait for an answer.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
