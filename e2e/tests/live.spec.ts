import { expect, type Page, test } from '@playwright/test';
import { openAccessTab } from '../support/access';
import { askCluster } from '../support/liveCluster';
import { signInAs } from '../support/people';

const POLICIES = '/apis/networking.k8s.io/v1/namespaces/storefront';

/** Nobody reaches the pods of the Catalogue API, which nothing else closes. */
const CLOSED = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'closed-by-hand', namespace: 'storefront' },
  spec: {
    podSelector: { matchLabels: { app: 'catalogue' } },
    policyTypes: ['Ingress'],
    ingress: [],
  },
};

/** In milliseconds; the change itself is known within two seconds, the rest is the pages'. */
const SOON = 20_000;

/** The answer for a call of Web, which is the same for both of the API's Deployments. */
async function sees(page: Page, answer: string): Promise<void> {
  await expect(async () => {
    await page.goto(
      '/access/explain?from=component:default/web&to=api:default/catalogue&method=GET&path=/products',
    );
    await expect(
      page.getByText(/^(Allowed|Refused|Depends|Not known) in prod-eu$/),
    ).toHaveText([answer, answer], { timeout: 5_000 });
  }).toPass({ timeout: SOON });
}

test('what is applied to a cluster and deleted there is seen within seconds', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await signInAs(page, 'Carl');
  await openAccessTab(page, 'catalogue');
  await expect(
    page.getByText(
      /^In the clusters? prod-eu.*, read .* · By manifests in Git at /,
    ),
  ).toBeVisible();
  // A page that stays open, and is never loaded again by hand.
  const open = await page.context().newPage();
  await signInAs(open, 'Carl');
  await openAccessTab(open, 'catalogue');
  const everybody = open.getByRole('heading', {
    name: /^Everyone can call this/,
  });
  await expect(everybody).toBeVisible();
  await sees(page, 'Allowed in prod-eu');
  await expect(
    page.getByText(
      /^In the clusters? prod-eu.*, read .* · By manifests in Git at /,
    ),
  ).toBeVisible();
  await askCluster('prod-eu', 'POST', `${POLICIES}/networkpolicies`, CLOSED);
  try {
    await sees(page, 'Refused in prod-eu');
    await expect(
      page
        .getByText('NetworkPolicy storefront/closed-by-hand isolates')
        .first(),
    ).toBeVisible();
    await expect(everybody).toBeHidden({ timeout: SOON });
  } finally {
    await askCluster(
      'prod-eu',
      'DELETE',
      `${POLICIES}/networkpolicies/closed-by-hand`,
    );
  }
  await sees(page, 'Allowed in prod-eu');
  await expect(everybody).toBeVisible({ timeout: SOON });
});
