import type { Page } from '@playwright/test';

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
