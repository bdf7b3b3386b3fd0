import { expect } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { test } from '../support/people';
import { commitByHand } from '../support/repository';

/** Closes Orders in staging to all but the storefront's web: until then everybody reaches it there. */
const CLOSED_BY_HAND = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: orders-by-hand
  namespace: ordering
spec:
  podSelector:
    matchLabels:
      app: orders
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: storefront
          podSelector:
            matchLabels:
              app: web
`;

test('changed meaning asks again: nobody approves what slid under the button', async ({
  as,
}) => {
  test.setTimeout(240_000);
  const priya = await as('Priya');
  await openAccessTab(priya, 'orders');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [/^The whole API on port 80 /],
    unlisted: true,
    where: 'staging',
    reason: 'Checkout is tried out in staging',
  });
  const requestUrl = await sendRequest(priya);

  // Omar reads it: today everybody reaches Orders in staging, so the first grant cuts the others.
  const omar = await as('Omar');
  await omar.goto(requestUrl);
  const approve = omar.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeEnabled();
  await expect(
    omar.getByText(/becomes closed in .*Cut, allowed today/).first(),
  ).toBeVisible();

  // While he reads, a policy of somebody else closes it: now the grant opens what is closed, and cuts nobody.
  commitByHand('clusters/staging/ordering/orders-by-hand.yaml', CLOSED_BY_HAND);
  await approve.click();

  await expect(omar.getByRole('alert')).toContainText(
    'It changed while you looked at it',
    { timeout: 60_000 },
  );
  await expect(
    omar.getByText('What this opens has changed while you looked at it'),
  ).toBeVisible();
  // The innermost one: both sides stand in a section of their own.
  const side = (title: string) =>
    omar
      .locator('section')
      .filter({
        has: omar.getByRole('heading', { name: title, exact: true }),
      })
      .last();
  await expect(side('What you looked at')).toContainText(/Cut, allowed today/);
  await expect(side('Now')).not.toContainText(/Cut, allowed today/);
  await expect(approve).toBeDisabled();

  // It has not been approved by that click, nor does it wait for anybody but an owner.
  await priya.reload();
  await expect(priya.getByText('Omar approved')).toHaveCount(0);
  await expect(priya.getByRole('button', { name: 'Withdraw' })).toBeEnabled();

  await omar
    .getByRole('button', { name: 'I have looked at the difference' })
    .click();
  await expect(approve).toBeEnabled();
  await approve.click();
  await expect(
    omar.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({ timeout: 60_000 });
});
