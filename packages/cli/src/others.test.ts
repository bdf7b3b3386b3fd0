import { resolve } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

const SHOP = resolve(__dirname, '../../../examples/shop');

afterEach(removeFolders);

const CILIUM = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: guard, namespace: ordering }
spec:
  endpointSelector: { matchLabels: { app: orders } }
  ingress: [{ fromEntities: [cluster] }]
`;

describe('a policy of others', () => {
  it('is named by verify once, and makes nothing missing or surplus', async () => {
    const cwd = folderWith({ 'others.yaml': CILIUM });
    const run = (format: string) =>
      runCaptured(
        [
          'verify',
          ...['--policies', 'repository/policies', '--catalog', 'catalog'],
          '--estate',
          ...['prod-eu=estate/prod-eu', `prod-eu=${cwd}`],
          ...['prod-eu=repository/clusters/prod-eu'],
          ...['--profile', 'prod-eu=repository/profiles/prod-eu.yaml'],
          ...['--manifests', 'prod-eu=repository/clusters/prod-eu'],
          ...['-o', format],
        ],
        { cwd: SHOP },
      );
    const { code, json } = await run('json');
    const { equal, others, findings } = json() as {
      equal: boolean;
      others: unknown[];
      findings: { code: string }[];
    };
    expect([code, equal]).toEqual([0, true]);
    expect(others).toEqual([
      {
        cluster: 'prod-eu',
        group: 'cilium.io',
        kind: 'CiliumNetworkPolicy',
        namespace: 'ordering',
        name: 'guard',
        may: 'open-or-refuse',
        ends: ['ordering/Deployment/orders'],
      },
    ]);
    expect(
      findings.filter(each => each.code === 'policy-of-others'),
    ).toHaveLength(1);
    expect((await run('table')).stdout).toContain(
      'CiliumNetworkPolicy ordering/guard (cilium.io)',
    );
  });

  it('that is there before and after does not hide from diff what changes beside it', async () => {
    const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ordering, labels: { app: ${name} } }
spec: { containers: [{ name: c, image: i }] }
---
`;
    const estate = `${pod('orders')}${pod('web')}${CILIUM}`;
    const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: ordering }
spec: { podSelector: { matchLabels: { app: orders } }, policyTypes: [Ingress] }
`;
    const cwd = folderWith({
      'before/a.yaml': estate,
      'after/a.yaml': `${estate}---\n${closed}`,
    });
    const { code, json } = await runCaptured(
      ['diff', '--before', 'before', '--after', 'after', '-o', 'json'],
      { cwd },
    );
    const { lost, findings } = json() as {
      lost: { from: unknown; to: string }[];
      findings: { code: string; message: string }[];
    };
    expect(code).toBe(1);
    expect(lost.map(({ to }) => to)).toContain('ordering/Pod/orders');
    expect(
      findings
        .filter(each => each.code === 'policy-of-others')
        .map(({ message }) => message),
    ).toEqual([
      expect.stringMatching(
        /^CiliumNetworkPolicy ordering\/guard \(cilium\.io\) in \S+ is there before and after/,
      ),
    ]);
  });
});
