import { expect } from '@playwright/test';
import { expectAccessible } from '../support/accessible';
import { test } from '../support/people';
import { commitAll, fileOnMain } from '../support/repository';

const POLICY = 'policies/default/customers.yaml';
const MANIFEST = 'clusters/prod-eu/crm/callgate-customers.yaml';
const HAND = 'clusters/prod-eu/crm/callers.yaml';

/** Admits the care desk, as somebody wrote it before there was a portal. */
const BY_HAND = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: crm-callers, namespace: crm }
spec:
  podSelector: { matchLabels: { app: crm } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: { kubernetes.io/metadata.name: care }
          podSelector: { matchLabels: { app: care-desk } }
      ports: [{ protocol: TCP, port: 8080 }]
`;

test('the platform team imports what a policy by hand allows, and its owners have a declaration', async ({
  as,
}) => {
  test.setTimeout(240_000);
  // The repository is there once somebody has looked.
  const petra = await as('Petra');
  await petra.goto('/access/proposals');
  const before = {
    [POLICY]: fileOnMain(POLICY),
    [MANIFEST]: fileOnMain(MANIFEST),
  };
  commitAll({ [POLICY]: undefined, [MANIFEST]: undefined, [HAND]: BY_HAND });
  try {
    await petra.getByRole('link', { name: 'Import', exact: true }).click();
    await expect(petra).toHaveURL(/\/access\/import$/);
    const ready = petra.getByRole('region', { name: /^Can be imported/ });
    await expect(ready.getByText('Customers API')).toBeVisible({
      timeout: 60_000,
    });
    await ready
      .getByRole('button', { name: 'Details of Customers API' })
      .click();
    await expect(
      ready
        .getByText(`NetworkPolicy crm/crm-callers (prod-eu, ${HAND}:1)`)
        .first(),
    ).toBeVisible();
    await expectAccessible(petra, 'details of an import', ready, () =>
      ready.getByRole('button', { name: 'Details of Customers API' }).click(),
    );
    await ready.getByRole('checkbox', { name: 'Import Customers API' }).check();
    await ready.getByRole('button', { name: 'Open pull requests' }).click();
    const dialog = petra.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await dialog.getByRole('link', { name: 'Show it' }).click();
    await expect(
      petra.getByText(/^You had this import prepared; somebody else/),
    ).toBeVisible({ timeout: 60_000 });

    const pavel = await as('Pavel');
    await pavel.goto(petra.url());
    await pavel.getByRole('button', { name: 'Merge', exact: true }).click();
    await pavel
      .getByRole('dialog')
      .getByRole('button', { name: 'Merge now' })
      .click();
    await expect(
      pavel.getByText('Merged', { exact: true }).first(),
    ).toBeVisible({ timeout: 60_000 });
    expect(fileOnMain(POLICY)).toContain('caller: component:default/care-desk');

    await pavel.goto('/access/import');
    const others = pavel.getByRole('region', { name: /^Stay as they are/ });
    await others
      .getByRole('button', { name: 'Details of Customers API' })
      .click({ timeout: 60_000 });
    await expect(others.getByText('can go now')).toBeVisible();
    const ask = () =>
      others.getByRole('button', { name: 'Open pull request' }).click();
    await ask();
    const removal = pavel.getByRole('dialog');
    await expectAccessible(
      pavel,
      'deleting policies by hand',
      removal,
      async () => {
        await others
          .getByRole('button', { name: 'Details of Customers API' })
          .click();
        await ask();
      },
    );
    await removal.getByRole('button', { name: 'Open', exact: true }).click();
    const shown = removal.getByRole('link', { name: 'Show it' });
    const pull = await shown.getAttribute('href');
    await shown.click();
    await expect(
      pavel.getByText(/^You had this pull request prepared; somebody else/),
    ).toBeVisible({ timeout: 60_000 });

    await petra.goto(pull ?? '');
    await petra.getByRole('button', { name: 'Merge', exact: true }).click();
    await petra
      .getByRole('dialog')
      .getByRole('button', { name: 'Merge now' })
      .click();
    await expect(
      petra.getByText('Merged', { exact: true }).first(),
    ).toBeVisible({ timeout: 60_000 });
    expect(() => fileOnMain(HAND)).toThrow(/does not exist/);
    expect(fileOnMain(MANIFEST)).toContain('customers');

    const omar = await as('Omar');
    await omar.goto('/access/import');
    await expect(omar.getByText(/PAGE NOT FOUND/)).toBeVisible();
  } finally {
    commitAll({ ...before, [HAND]: undefined });
  }
});
