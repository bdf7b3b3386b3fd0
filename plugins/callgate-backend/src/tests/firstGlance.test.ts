import type { ApiAccess } from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';

jest.setTimeout(240_000);

let shop: RunningShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const accessOf = async (api: string) => {
  const { status, body } = await shop.as('petra').get(`/apis/default/${api}`);
  expect(status).toBe(200);
  return body as ApiAccess;
};

const findingsOf = async (api: string, code: string) =>
  (await accessOf(api)).findings.filter(each => each.code === code);

describe('what a page says at first glance', () => {
  it('does not say that others are admitted by policies that open no port of the API', async () => {
    // Payments has default-deny, which opens nothing, and allow-prometheus, which opens the proxy's port of metrics.
    expect(await findingsOf('payments', 'foreign-allow')).toEqual([]);
    // allow-ops opens port 8080 of Orders.
    expect(await findingsOf('orders', 'foreign-allow')).toHaveLength(1);
  });

  it('names the cluster of a grant that cannot be enforced, where the grant says one', async () => {
    const { callers } = await accessOf('card-acquirer');
    expect(
      callers.map(({ caller, clusters }) => [
        caller.ref,
        clusters.map(({ cluster }) => cluster),
      ]),
    ).toEqual([['component:default/payments', ['prod-eu']]]);
  });

  it('does not say that the kernel layer tells callers apart where it holds nothing', async () => {
    // Warehouse runs on a host: no NetworkPolicy stands before it, and the egress of Picking is open.
    const atHost = await findingsOf('warehouse', 'identity-overgrant');
    expect(atHost.map(({ message }) => message)).toEqual([
      expect.stringContaining('no layer tells them apart'),
    ]);
    // Inventory runs in pods, before which the kernel layer stands.
    const atPods = await findingsOf('inventory', 'identity-overgrant');
    expect(atPods.map(({ message }) => message)).toEqual([
      expect.stringContaining('only the kernel layer tells them apart'),
    ]);
  });
});
