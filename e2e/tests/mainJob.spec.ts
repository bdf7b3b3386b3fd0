import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect } from '@playwright/test';
import { fillRequest, openAccessTab, sendRequest } from '../support/access';
import { onCommandLine } from '../support/commandLine';
import { test } from '../support/people';
import { portal } from '../support/portal';

const REASON = 'Order status on the confirmation page';

interface Row {
  caller: { ref: string };
  grants: { id: string; operations: { method?: string; path?: string }[] }[];
}

/** What Checkout is granted, by rows of whatever shows them. */
function grantsOf(rows: readonly Row[]) {
  return rows
    .filter(({ caller }) => caller.ref === 'component:default/checkout')
    .flatMap(({ grants }) => grants)
    .map(({ id, operations }) => ({
      id,
      operations: operations.map(each => `${each.method} ${each.path}`).sort(),
    }));
}

/** Whether it is what this test asks for: the pull request may carry what others asked as well. */
const isAsked = ({ operations }: { operations: string[] }) =>
  operations.join() === 'GET /orders,GET /orders/{id}';

const grantsOfCheckout = (branch: string) =>
  grantsOf(onCommandLine('orders', branch).rows);

test('a request becomes a grant: asked, approved, proposed, merged, in force', async ({
  as,
}) => {
  test.setTimeout(240_000);

  // Priya asks, and sees what it opens before she sends it.
  const priya = await as('Priya');
  await openAccessTab(priya, 'orders');
  await priya.getByRole('button', { name: 'Request access' }).click();
  await fillRequest(priya, {
    caller: 'Checkout',
    operations: [
      /^GET \/orders\W*List orders/,
      /^GET \/orders\/\{id\}\W*Read one/,
    ],
    where: 'prod-eu',
    reason: REASON,
  });
  const dialog = priya.getByRole('dialog');
  await expect(
    dialog.getByText('All 3 layers', { exact: false }).first(),
  ).toBeVisible();
  await expect(
    dialog.getByText('clusters/prod-eu/ordering/callgate-orders.yaml'),
  ).toBeVisible();
  const requestUrl = await sendRequest(priya);
  await expect(priya.getByText(REASON)).toBeVisible();

  // Nobody decides on their own request, and a colleague does not own the API.
  await expect(priya.getByRole('button', { name: 'Approve' })).toBeDisabled();
  const cora = await as('Cora');
  await cora.goto(requestUrl);
  await expect(cora.getByRole('button', { name: 'Approve' })).toBeDisabled();
  await expect(
    cora.getByText(/Only owners of the API decide/).first(),
  ).toBeVisible();

  // Omar finds it in his inbox and approves.
  const omar = await as('Omar');
  await omar.getByRole('link', { name: 'Access' }).first().click();
  await omar
    .getByText(/asks to/)
    .first()
    .click();
  await expect(omar).toHaveURL(new RegExp(requestUrl));
  await omar.getByRole('button', { name: 'Approve' }).click();
  await expect(
    omar.getByText(/Waits for the platform team/).first(),
  ).toBeVisible({
    timeout: 60_000,
  });

  // Petra reads the pull request and merges it.
  const petra = await as('Petra');
  await petra.goto('/access/proposals');
  await petra
    .getByRole('link', { name: /Orders|orders/ })
    .first()
    .click();
  for (const file of [
    'policies/default/orders.yaml',
    'clusters/prod-eu/ordering/callgate-orders.yaml',
  ]) {
    await expect(
      petra.getByText(file).filter({ visible: true }).first(),
    ).toBeVisible();
  }
  // The pull request says what the command line says of its branch.
  const proposed = grantsOfCheckout('callgate/default/orders').filter(isAsked);
  expect(proposed).toHaveLength(1);
  for (const operation of proposed[0].operations) {
    await expect(
      petra.getByText(operation, { exact: true }).filter({ visible: true }),
    ).not.toHaveCount(0);
  }
  await petra.getByRole('button', { name: /^Merge/ }).click();
  await petra
    .getByRole('dialog')
    .getByRole('button', { name: /^Merge/ })
    .click();
  await expect(petra.getByText('Merged', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });

  // It is in force by the manifests in Git, and Git holds it.
  const answered = priya.waitForResponse(
    response => response.url().endsWith('/api/callgate/apis/default/orders'),
    { timeout: 60_000 },
  );
  await openAccessTab(priya, 'orders');
  const { callers } = await (await answered).json();
  // Backend, command line, pull request and page have the same row.
  expect(grantsOfCheckout('main').filter(isAsked)).toEqual(proposed);
  expect(grantsOf(callers).filter(isAsked)).toEqual(proposed);
  const row = priya.getByRole('row', { name: /Checkout.*GET \/orders/ });
  for (const operation of proposed[0].operations) {
    await expect(row).toContainText(operation);
  }
  await expect(row).toContainText('All 3 layers');
  await expect(row).toContainText('Omar');
  const declaration = execFileSync(
    'git',
    [
      '--git-dir',
      path.join(portal.data, 'policies.git'),
      'show',
      'main:policies/default/orders.yaml',
    ],
    { encoding: 'utf8' },
  );
  expect(declaration).toContain(REASON);
  expect(declaration).toContain('caller: component:default/checkout');
});
