import type {
  ExplainedCall,
  Explanation,
} from '@callgate/plugin-callgate-common';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { DRAFT } from '../__testUtils__/steps';

jest.setTimeout(120_000);

/** Beside its HTTP port, the orders Service takes UDP on 9125; nothing else is said of it. */
const WITH_UDP = {
  'estate/prod-eu/ordering.yaml': replaced(
    /(kind: Service\nmetadata:\n {2}name: orders\n[\s\S]*?\n {2}ports:\n)/,
    '$1    - name: statsd\n      port: 9125\n      targetPort: 9125\n      protocol: UDP\n',
  ),
};

const DRAFT_ENDS = { caller: DRAFT.caller, api: DRAFT.api };

describe('the explanation of a call', () => {
  let shop: ChangedShop;
  beforeAll(async () => {
    shop = await startChangedShop({ files: WITH_UDP });
  });
  afterAll(() => shop.stop());

  const explain = async (call: Partial<ExplainedCall>) => {
    const { status, body } = await shop.as('petra').post('/explanations', {
      caller: DRAFT.caller,
      api: DRAFT.api,
      cluster: 'prod-eu',
      ...call,
    });
    expect(status).toBe(200);
    const [only] = body as Explanation[];
    return only;
  };

  it('takes the one protocol that is declared for a port: UDP is not asked as TCP', async () => {
    const asked = await explain({ port: 9125 });
    expect(asked).toEqual(await explain({ port: 9125, protocol: 'UDP' }));
    expect(['allow', 'deny', 'conditional']).toContain(asked.verdict);
    // Istio's proxies see TCP alone.
    expect(asked.hops.map(({ layer }) => layer)).not.toContain('method');
  });

  it('does not guess the protocol of a port that nothing declares', async () => {
    expect(await explain({ port: 4444 })).toMatchObject({
      verdict: 'unknown',
      conditions: [
        'Nothing that was read declares port 4444: say whether TCP, UDP or SCTP is meant.',
      ],
    });
    expect((await explain({ port: 4444, protocol: 'TCP' })).verdict).not.toBe(
      'unknown',
    );
  });

  it('says that a method is no part of UDP', async () => {
    expect(
      await explain({ port: 9125, method: 'GET', path: '/orders' }),
    ).toMatchObject({
      verdict: 'unknown',
      conditions: [expect.stringMatching(/TCP alone.*9125 is UDP/)],
    });
  });

  it('refuses what is no port and no protocol', async () => {
    for (const wrong of [{ port: 0 }, { port: 70000 }, { protocol: 'HTTP' }]) {
      const { status } = await shop
        .as('petra')
        .post('/explanations', { ...DRAFT_ENDS, ...wrong });
      expect(status).toBe(400);
    }
  });

  it('takes the host of the call', async () => {
    const { status } = await shop.as('petra').post('/explanations', {
      ...DRAFT_ENDS,
      method: 'GET',
      path: '/orders',
      host: 'orders.ordering.svc.cluster.local',
    });
    expect(status).toBe(200);
  });
});
