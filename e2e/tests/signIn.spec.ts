import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { signOut } from '../support/people';

test('one person signs in, leaves, and another one signs in', async ({
  page,
}) => {
  await page.goto('/');
  const cards = page.getByRole('button', { name: /^Sign in as / });
  await expect(cards.nth(1)).toBeVisible();

  await cards.nth(0).click();
  await expect(page.getByRole('link', { name: 'Home' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('link', { name: 'Home' })).toBeVisible();

  await signOut(page);
  await cards.nth(1).click();
  await expect(page.getByRole('link', { name: 'Home' })).toBeVisible();
});

test('the sign-in page has no accessibility violations in light and dark', async ({
  page,
}) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto('/');
    await expect(
      page.getByRole('heading', { name: 'Who are you today?' }),
    ).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(v => `${colorScheme}: ${v.id}: ${v.help}`)).toEqual(
      [],
    );
  }
});
