import fs from 'node:fs';
import path from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ORDERS,
  ProposalBench,
} from '../proposals/__testUtils__/ProposalBench';
import { importOf } from './importOf';

jest.setTimeout(120_000);

const policy = (
  called: string,
  caller: string,
) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${called}-callers, namespace: shop }
spec:
  podSelector: { matchLabels: { app: ${called} } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: ${caller} } } }]
      ports: [{ port: 8080 }]
`;

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

it('an import replaces no file that people wrote where its manifests belong', async () => {
  const bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  fs.writeFileSync(
    path.join(bench.root, 'estate/by-hand.yaml'),
    policy('orders', 'checkout'),
  );
  const read = async () =>
    importOf(
      await bench.backend().snapshots.read({ fresh: true }),
      ORDERS,
      bench.config,
    );
  const file = 'clusters/prod/shop/callgate-orders.yaml';
  expect([...(await read()).written!.changes.keys()]).toContain(file);
  // It closes another API: without it, everybody could call that.
  await bench.pushToMain({ [file]: policy('stock', 'cart') });
  const { written, notNow } = await read();
  expect([written, notNow]).toEqual([
    undefined,
    { reason: 'path-taken', file },
  ]);
  await bench.close();
});
