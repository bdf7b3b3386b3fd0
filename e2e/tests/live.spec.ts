import { expect, type Page, test } from '@playwright/test';
import { parseAllDocuments } from 'yaml';
import { openAccessTab } from '../support/access';
import { askCluster } from '../support/liveCluster';
import { signInAs } from '../support/people';
import { filesOnMain } from '../support/repository';

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

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { namespace: string; name: string };
}

/** Where an API server has objects of the kind of a generated one. */
function urlOf({ apiVersion, kind, metadata }: Manifest): string {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return `/apis/${apiVersion}/namespaces/${metadata.namespace}/${plural}`;
}

test('what is generated counts as in force once the cluster has it as it was generated', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await signInAs(page, 'Petra');
  await page.goto('/access/proposals');
  await expect(
    page.getByRole('link', { name: 'Import', exact: true }),
  ).toBeVisible();
  const generated = filesOnMain(/^clusters\/prod-eu\/.*\/callgate-[^/]*\.yaml$/)
    .flatMap(text => parseAllDocuments(text))
    .map(document => document.toJS() as Manifest);
  expect(generated.length).toBeGreaterThan(10);

  /** Whether the page says of the Payments API that what is generated is in force. */
  const says = (isInForce: boolean) =>
    expect(async () => {
      await page.goto('/access/import');
      await page
        .getByRole('button', { name: 'Details of Payments API' })
        .click({ timeout: 30_000 });
      const details = page
        .getByRole('listitem')
        .filter({ hasText: 'Payments API' })
        .last();
      await expect(
        details.getByText(/^What is generated is in force/),
      ).toBeVisible({ visible: isInForce, timeout: 10_000 });
    }).toPass({ timeout: 90_000 });

  await says(false);
  const apply = (object: Manifest) =>
    askCluster('prod-eu', 'POST', urlOf(object), object);
  const remove = (object: Manifest) =>
    askCluster('prod-eu', 'DELETE', `${urlOf(object)}/${object.metadata.name}`);
  for (const object of generated) await apply(object);
  try {
    await says(true);
    // And it is no second policy beside the one in Git.
    await openAccessTab(page, 'payments');
    await expect(page.getByText('All 3 layers')).toHaveCount(4);
    await expect(page.getByText('not effective')).toBeHidden();
    // One object that admits nobody any more, as somebody made it by hand.
    const changed = generated.find(
      ({ kind, metadata }) =>
        kind === 'NetworkPolicy' && metadata.namespace === 'payments',
    )!;
    await remove(changed);
    await apply({
      ...changed,
      ...{ spec: { podSelector: {}, policyTypes: ['Ingress'] } },
    });
    await says(false);
  } finally {
    for (const object of generated) await remove(object);
  }
});
