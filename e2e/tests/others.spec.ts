import { expect } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { test } from '../support/people';
import { commitByHand } from '../support/repository';

/** A policy of a language that Callgate does not judge, for the pods behind the Inventory API. */
const CILIUM = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: guard
  namespace: fulfilment
spec:
  endpointSelector:
    matchLabels:
      app: inventory
  ingress:
    - fromEntities: [cluster]
`;
const NAME = 'CiliumNetworkPolicy fulfilment/guard (cilium.io)';

test('a policy of others stops no request: it is named once, and nothing is called closed', async ({
  as,
}) => {
  test.setTimeout(240_000);
  const omar = await as('Omar');
  await openAccessTab(omar, 'inventory');
  await expect(
    omar.getByRole('heading', {
      name: /^Closed( in prod-eu)? to everyone but/,
    }),
  ).toBeVisible();
  commitByHand('clusters/prod-eu/fulfilment/guard.yaml', CILIUM);
  await expect(async () => {
    await openAccessTab(omar, 'inventory');
    await expect(
      omar.getByRole('heading', {
        name: /^Closed by grants .*; 1 policy of others may open or refuse more$/,
      }),
    ).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 90_000 });
  await expect(
    omar.getByText('closed, as far as Callgate judges').first(),
  ).toBeVisible();

  await omar.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(omar, {
    caller: 'Invoicing',
    operations: [/^GET \/stock\W*List stock/],
    where: 'prod-eu',
    reason: 'What is billed has to be there',
  });
  const dialog = omar.getByRole('dialog');
  const gap = (page: typeof omar | typeof dialog) =>
    page.getByRole('list', { name: 'Policies of others' });
  await expect(gap(dialog)).toHaveText(
    new RegExp(`${NAME.replace(/[()]/g, '\\$&')} in prod-eu may refuse this`),
  );
  const requestUrl = await sendRequest(omar);

  const felix = await as('Felix');
  await felix.goto(requestUrl);
  await expect(felix.getByText(NAME)).toHaveCount(1);
  await felix.getByRole('button', { name: 'Approve' }).click();
  await expect(
    felix.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({ timeout: 60_000 });
});
