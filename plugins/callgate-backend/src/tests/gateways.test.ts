import type { ApiAccess, Preview } from '@callgate/plugin-callgate-common';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';

jest.setTimeout(120_000);

const INGRESS = 'estate/prod-eu/istio-ingress.yaml';
const GATEWAY = 'resource:default/shop-gateway';

describe('a grant to a gateway', () => {
  let shop: ChangedShop;
  const start = async (changes: ShopChanges) => {
    shop = await startChangedShop(changes);
  };
  afterEach(() => shop?.stop());

  const ask = async (): Promise<Preview> => {
    const { status, body } = await shop.as('petra').post('/previews', {
      api: 'api:default/orders',
      caller: GATEWAY,
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
      reason: 'The shop app lists orders',
    });
    expect(status).toBe(200);
    return body;
  };

  const gateway = async () => {
    const [gained] = (await ask()).meaning.gained;
    expect(gained.caller.ref).toBe(GATEWAY);
    return gained.caller.gateway;
  };

  it('says in what it means that it takes calls from the internet', async () => {
    await start({});
    expect(await gateway()).toEqual({ takesFrom: 'internet' });
  });

  it('says where its Service keeps it inside', async () => {
    await start({
      files: { [INGRESS]: replaced('type: LoadBalancer', 'type: ClusterIP') },
    });
    expect(await gateway()).toEqual({ takesFrom: 'cluster' });
  });

  it('says that it is not known where whoever reaches a node reaches it', async () => {
    await start({
      files: { [INGRESS]: replaced('type: LoadBalancer', 'type: NodePort') },
    });
    expect(await gateway()).toEqual({ takesFrom: 'unknown' });
  });

  it('says in the rows of the API what it says in the request', async () => {
    await start({
      files: {
        'repository/policies/default/orders.yaml': replaced(
          '  grants:\n',
          `  grants:\n    - id: app-lists\n      caller: ${GATEWAY}\n      in: [prod-eu]\n      operations: [{ id: listOrders }]\n`,
        ),
      },
    });
    const { body } = await shop.as('petra').get('/apis/default/orders');
    const row = (body as ApiAccess).callers.find(
      ({ caller }) => caller.ref === GATEWAY,
    );
    expect(row?.caller.gateway).toEqual({ takesFrom: 'internet' });
  });

  it('says nothing of the kind of other callers', async () => {
    await start({});
    const { body } = await shop.as('petra').get('/apis/default/orders');
    for (const { caller } of (body as ApiAccess).callers)
      expect(caller).not.toHaveProperty('gateway');
  });
});
