import { type BrowserContext, type Page, test as base } from '@playwright/test';

/** In milliseconds. */
const FIRST_PAGE = 60_000;

/** Becomes one of the demo people by a click on their card; `name` is the beginning of theirs. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await page.goto('/');
  // The first page of a portal that has just started may take long to come.
  await page
    .getByRole('button', { name: new RegExp(`^Sign in as ${name}`) })
    .click({ timeout: FIRST_PAGE });
  await page.getByRole('link', { name: 'Home' }).waitFor({
    timeout: FIRST_PAGE,
  });
}

/** Leaves, so that the sign-in page asks again. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await page.getByRole('heading', { name: 'Who are you today?' }).waitFor();
}

/** Signs somebody in, in a browser of their own, by the beginning of their name. */
export type As = (name: string) => Promise<Page>;

/**
 * A test with several people. Their browsers are closed at its end: pages that stay open go on asking the portal and
 * following its signals, and every test after it is slower.
 */
export const test = base.extend<{ as: As }>({
  as: async ({ browser }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async name => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      await signInAs(page, name);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});
