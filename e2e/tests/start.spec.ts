import { expect, test } from '@playwright/test';
import { signInAs } from '../support/people';

test('whoever signs in begins with what waits for them', async ({ page }) => {
  await signInAs(page, 'Cora');
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  for (const list of ['Waits for you', 'You asked for', 'New on your APIs'])
    await expect(page.getByRole('region', { name: list })).toBeVisible();
});

test('a call has a URL that opens its answer, also after Back', async ({
  page,
}) => {
  await signInAs(page, 'Cora');
  const ends = 'from=component:default/checkout&to=api:default/orders';
  await page.goto(`/access/explain?${ends}&method=DELETE&path=/admin/orders/7`);
  await expect(
    page.getByRole('heading', { name: 'Checkout calls Orders API' }),
  ).toBeVisible();
  await expect(page.getByText('Refused in prod-eu')).toBeVisible();
  await page.getByLabel('Path').fill('/orders');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await expect(page).toHaveURL(/path=%2Forders$/);
  await expect(page.getByText('Refused in prod-eu')).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Path')).toHaveValue('/admin/orders/7');
});

test('every path below /access that is no page is the 404 page', async ({
  page,
}) => {
  await signInAs(page, 'Cora');
  // Cora does not belong to the platform team: claims are none of her pages.
  for (const path of [
    '/access/nothing',
    '/access/requests/x/y',
    '/access/claims',
  ]) {
    await page.goto(path);
    await expect(page.getByText(/PAGE NOT FOUND/)).toBeVisible();
  }
});

test('an AccessPolicy shows its grants, and the graph who is admitted', async ({
  page,
}) => {
  await signInAs(page, 'Cora');
  await page.goto('/catalog/default/accesspolicy/orders');
  const grants = page.getByRole('table', { name: 'Grants' });
  await expect(grants.getByRole('link', { name: 'Cart' })).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'Who can call the API' }),
  ).toHaveAttribute('href', '/catalog/default/api/orders/access');
  await expect(page.getByText('admits').first()).toBeVisible();
});
