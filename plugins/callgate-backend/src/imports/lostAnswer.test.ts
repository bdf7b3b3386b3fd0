import fs from 'node:fs';
import path from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Forge } from '@callgate/plugin-callgate-node';
import {
  ORDERS,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { ImportReports } from './ImportReports';

jest.setTimeout(120_000);

const BY_HAND = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: orders-callers, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: checkout } } }]
      ports: [{ port: 8080 }]
`;

describe('an import of which the answer of the forge was lost', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;

  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
    fs.writeFileSync(path.join(bench.root, 'estate/by-hand.yaml'), BY_HAND);
  });
  afterEach(() => bench.close());

  /** Opens pull requests, and nobody hears of it. */
  const losing = (): Forge => {
    const forge = bench.forge();
    return {
      id: forge.id,
      reviewsInPortal: forge.reviewsInPortal,
      connect: async target => {
        const repository = await forge.connect(target);
        const openPullRequest: typeof repository.openPullRequest =
          async options => {
            await repository.openPullRequest(options);
            throw new Error('the connection broke');
          };
        return new Proxy(repository, {
          get: (object, property) => {
            if (property === 'openPullRequest') return openPullRequest;
            const value = Reflect.get(object, property, object);
            return typeof value === 'function' ? value.bind(object) : value;
          },
        });
      },
    };
  };

  const started = async () => {
    const { connection, snapshots } = bench.backend();
    const snapshot = await snapshots.read({ fresh: true });
    const reports = new ImportReports({
      connection,
      logger: bench.logger,
      now: () => bench.now,
    });
    const { written } = await reports.of(snapshot, ORDERS);
    await bench.store.startImport(
      reports.newRecord(ORDERS, {
        by: 'user:default/pavel',
        terms: written!.terms,
        named: [],
      }),
    );
    await bench.backend({ forge: losing() }).worker.runOnce();
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      state: 'building',
    });
  };
  const later = async () => {
    bench.now += 3_600_000;
    await bench.backend().worker.runOnce();
    const { items } = await bench.store.listProposals({}, { limit: 10 });
    return items.map(({ state, number, imported }) => [
      state,
      number,
      imported?.by,
    ]);
  };

  it('goes on with the pull request that is there', async () => {
    await started();
    expect(await later()).toEqual([['open', 1, 'user:default/pavel']]);
  });

  it('is merged where somebody has merged it meanwhile', async () => {
    await started();
    await bench.mergedElsewhere(1);
    expect(await later()).toEqual([['merged', 1, 'user:default/pavel']]);
    expect(bench.changes.map(({ event }) => event)).toContain('merged');
  });

  it('is closed where somebody has closed it meanwhile, and not opened again', async () => {
    await started();
    const repository = await bench.repository();
    await repository.closePullRequest(1, 'Not now.');
    expect(await later()).toEqual([['closed', 1, 'user:default/pavel']]);
  });
});
