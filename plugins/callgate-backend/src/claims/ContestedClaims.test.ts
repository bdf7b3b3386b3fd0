import { TestDatabases } from '@backstage/backend-test-utils';
import type { CatalogEntity } from '@callgate/policy';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseToldClaims } from '../database';
import { ProposalBench } from '../proposals/__testUtils__/ProposalBench';
import {
  SMALL_PROFILE,
  smallCatalog,
  smallEstate,
} from '../proposals/__testUtils__/smallCompany';
import { ClaimSettlements } from './ClaimSettlements';
import { ContestedClaims } from './ContestedClaims';

jest.setTimeout(60_000);

const PROFILE = 'profiles/prod.yaml';
const TARGET = { cluster: 'prod', workload: 'shop/Deployment/orders' };
const OWNER = 'group:default/orders-team';

/** Another team binds something to the pods of orders. */
const VIEWS: CatalogEntity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'order-views',
    namespace: 'default',
    annotations: { 'backstage.io/kubernetes-id': 'orders' },
  },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: 'group:default/views-team',
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/views-team' }],
};

describe('telling the platform team of contested claims', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  const send = jest.fn();

  beforeEach(async () => {
    send.mockReset();
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    bench.catalog = [...smallCatalog(), VIEWS];
  });
  afterEach(() => bench.close());

  /** The task of one process, and what settles claims there. */
  function start() {
    const { connection, snapshots } = bench.backend();
    const { logger } = bench;
    const settlements = new ClaimSettlements({ connection, snapshots, logger });
    const task = new ContestedClaims({
      platformTeam: 'group:default/platform',
      snapshots,
      told: DatabaseToldClaims.create({ client: bench.client }),
      settlements,
      notifications: { send },
      logger,
    });
    return { task, settlements, connection };
  }

  const sent = () => send.mock.calls.map(([{ payload }]) => payload);

  it('tells them once, however often it looks and in however many processes, and names neither workload nor claimant', async () => {
    await Promise.all([start().task.runOnce(), start().task.runOnce()]);
    await start().task.runOnce();
    expect(send.mock.calls).toEqual([
      [
        {
          recipients: { type: 'entity', entityRef: 'group:default/platform' },
          payload: {
            title:
              'Several owners claim a workload in prod, and nothing says whose it is',
            description: expect.any(String),
            link: '/access/claims',
            severity: 'normal',
            topic: 'access-claim',
            scope: expect.stringMatching(/^claim:[0-9a-f]{16}$/),
          },
        },
      ],
    ]);
    expect(JSON.stringify(send.mock.calls)).not.toMatch(/orders|views/);
  });

  it('tells them again where it could not be told', async () => {
    const { task } = start();
    send.mockRejectedValueOnce(new Error('away'));
    await task.runOnce();
    await task.runOnce();
    await task.runOnce();
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('replaces it when it is settled, and closes a pull request that nobody needs any more', async () => {
    const { task, settlements, connection } = start();
    await task.runOnce();
    await settlements.prepare(TARGET, OWNER, async () => {});
    await bench.pushToMain({
      [PROFILE]: `${SMALL_PROFILE}  owners:\n    - { namespaces: [shop], owner: ${OWNER} }\n`,
    });
    await task.runOnce();
    await task.runOnce();
    const [first, second, ...rest] = sent();
    expect(rest).toEqual([]);
    expect(second).toMatchObject({
      title: 'Settled: whose a workload in prod is',
      description: 'Nothing waits for you here any more.',
      severity: 'low',
      scope: first.scope,
    });
    const repository = await connection.repository();
    const pull = await repository.readPullRequest(1);
    expect(pull.state).toBe('closed');
  });

  it('tells them, and that it is settled, also while another cluster cannot be read or an object is refused', async () => {
    await bench.close();
    bench = await ProposalBench.create(await databases.init('SQLITE_3'), [
      'stage',
    ]);
    bench.catalog = [...smallCatalog(), VIEWS];
    fs.writeFileSync(path.join(bench.root, 'estate-stage/all.yaml'), 'kind: [');
    fs.writeFileSync(
      path.join(bench.root, 'estate/refused.yaml'),
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'till', namespace: 'shop' },
        spec: {},
      }),
    );
    const { task } = start();
    await task.runOnce();
    expect(sent()).toMatchObject([
      { title: expect.stringContaining('claim a workload in prod') },
    ]);
    await bench.pushToMain({
      [PROFILE]: `${SMALL_PROFILE}  owners:\n    - { namespaces: [shop], owner: ${OWNER} }\n`,
    });
    await task.runOnce();
    expect(sent()[1]).toMatchObject({
      title: 'Settled: whose a workload in prod is',
    });
  });

  it('says nothing of an end while something cannot be read', async () => {
    await start().task.runOnce();
    const estate = path.join(bench.root, 'estate/all.yaml');
    fs.writeFileSync(estate, 'kind: [');
    await bench.estate.refresh();
    await start().task.runOnce();
    expect(send).toHaveBeenCalledTimes(1);
    fs.writeFileSync(estate, smallEstate(['stock']));
    await bench.estate.refresh();
    await start().task.runOnce();
    expect(sent()[1]).toMatchObject({
      title: 'Gone: several owners claimed a workload in prod',
    });
  });
});
