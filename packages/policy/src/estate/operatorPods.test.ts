import { createWorld } from '../evaluate';
import { evaluate } from '../evaluate/evaluate';
import { lint } from '../lint';
import { parsePlatformProfile } from '../profile';
import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';

const DATABASE = `
apiVersion: acid.example/v1
kind: postgresql
metadata: { name: orders-db, namespace: shop }
spec: { numberOfInstances: 2 }
`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: orders-db, namespace: shop }
spec: { selector: { application: spilo, cluster-name: orders-db }, ports: [{ port: 5432 }] }
`;
const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { application: spilo } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: orders } } }], ports: [{ port: postgres }] }]
`;
const workload = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { selector: {}, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: i }] } } }
`;
const ALL = [DATABASE, SERVICE, POLICY, workload('orders'), workload('cart')];

/** The same database once its operator and the controllers have been there. */
const LIVE = `
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders-db
  namespace: shop
  ownerReferences: [{ kind: postgresql, name: orders-db, controller: true }]
spec:
  replicas: 2
  template:
    metadata: { labels: { application: spilo, cluster-name: orders-db, team: shop } }
    spec: { serviceAccountName: postgres-pod, containers: [{ name: c, image: i }] }
`;

const POSTGRES = {
  group: 'acid.example',
  kind: 'postgresql',
  pods: {
    labels: { application: 'spilo', 'cluster-name': '{name}' },
    serviceAccount: 'postgres-{name}',
    ports: [{ name: 'postgres', port: 5432 }],
  },
};

function built(documents: string[], workloadKinds: object[] = []) {
  const { profile, findings } = parsePlatformProfile({
    path: 'p.yaml',
    text: JSON.stringify({
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'PlatformProfile',
      metadata: { name: 'c' },
      spec: { mesh: { mode: 'none' }, workloadKinds },
    }),
  });
  expect(findings).toEqual([]);
  const { objects } = loadManifests([
    { path: 'a.yaml', text: documents.join('---') },
  ]);
  return buildCluster({ name: 'c', objects, profile });
}

describe('pods that an operator makes', () => {
  it('are suggested where something selects them and an object seems to be of them', () => {
    const { findings } = built(ALL);
    expect(findings).toMatchObject([
      {
        code: 'operator-pods-unknown',
        message:
          'postgresql shop/orders-db seems to make pods that Service shop/orders-db selects and that no manifest has, and the kind postgresql is not known: calls from and to these pods are not judged.',
        fix: 'State in the platform profile what its operator makes, as workloadKinds: [{ group: "acid.example", kind: "postgresql", pods: { labels: { application: "spilo", cluster-name: "{name}" }, serviceAccount: "default", ports: [{ port: 5432, protocol: "TCP" }] } }], with the labels, the service account and the ports that these pods have.',
        data: {
          workloadKinds: [
            {
              pods: {
                labels: { application: 'spilo', 'cluster-name': '{name}' },
              },
            },
          ],
        },
      },
    ]);
  });

  it.each<[string, string, string, string[], object[]]>([
    [
      'of several parts, by labels of the vendor',
      'kafka.vendor.example',
      'Kafka',
      [
        '{ vendor.example/cluster: orders-db, vendor.example/name: orders-db-kafka }',
        '{ vendor.example/name: orders-db-exporter }',
      ],
      [
        {
          'vendor.example/cluster': '{name}',
          'vendor.example/name': '{name}-kafka',
        },
        { 'vendor.example/name': '{name}-exporter' },
      ],
    ],
    [
      'of a kind that runs something, by its name alone',
      'queues.example',
      'RabbitCluster',
      ['{ app.kubernetes.io/name: orders-db }'],
      [{ 'app.kubernetes.io/name': '{name}' }],
    ],
    [
      'of a kind, by its key',
      'metrics.example',
      'Prometheus',
      ['{ prometheus: orders-db }'],
      [{ prometheus: '{name}' }],
    ],
  ])('are suggested %s', (_, group, kind, selectors, expected) => {
    const { findings } = built([
      `\napiVersion: ${group}/v1\nkind: ${kind}\nmetadata: { name: orders-db, namespace: shop }\n`,
      ...selectors.map(
        (labels, index) =>
          `\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p${index}, namespace: shop }\nspec: { podSelector: { matchLabels: ${labels} } }\n`,
      ),
    ]);
    expect(findings).toHaveLength(1);
    const { workloadKinds } = findings[0].data as {
      workloadKinds: { pods: { labels: object } }[];
    };
    expect(workloadKinds.map(({ pods }) => pods.labels)).toEqual(expected);
  });

  it('are a workload with the labels, account and ports that the profile states', () => {
    const { cluster, findings } = built(ALL, [POSTGRES]);
    expect(findings).toEqual([]);
    expect(
      cluster.workloads.find(({ kind }) => kind === 'postgresql'),
    ).toMatchObject({
      id: 'shop/postgresql/orders-db',
      podLabels: { application: 'spilo', 'cluster-name': 'orders-db' },
      serviceAccount: 'postgres-orders-db',
      containerPorts: [{ name: 'postgres', port: 5432, protocol: 'TCP' }],
      replicas: 'many',
    });
    const verdict = (from: string) =>
      evaluate(createWorld([cluster]), {
        from: `shop/Deployment/${from}`,
        to: 'shop/postgresql/orders-db',
        port: 5432,
      }).verdict;
    expect(verdict('orders')).toBe('allow');
    expect(verdict('cart')).toBe('deny');
  });

  it('take further labels from where the object has them', () => {
    const { cluster } = built(
      [
        DATABASE.replace(
          'numberOfInstances: 2',
          'podMetadata: { labels: { tier: data, application: own } }',
        ),
      ],
      [
        {
          ...POSTGRES,
          pods: { ...POSTGRES.pods, labelsPath: 'spec.podMetadata.labels' },
        },
      ],
    );
    expect(cluster.workloads[0].podLabels).toMatchObject({
      tier: 'data',
      application: 'own',
      'cluster-name': 'orders-db',
    });
  });

  it('are what the operator made where that is in the estate, whatever is stated', () => {
    const { cluster } = built([...ALL, LIVE], [POSTGRES]);
    expect(
      cluster.workloads.filter(({ kind }) => kind !== 'Deployment'),
    ).toMatchObject([
      {
        id: 'shop/postgresql/orders-db',
        podLabels: { team: 'shop' },
        serviceAccount: 'postgres-pod',
      },
    ]);
  });

  it('leave it open what a policy selects: it is not said to select nothing', () => {
    const codes = (...args: Parameters<typeof built>) =>
      lint(createWorld([built(...args).cluster])).map(({ code }) => code);
    expect(codes(ALL)).not.toContain('selects-nothing');
    expect(codes(ALL, [POSTGRES])).toEqual([]);
    expect(codes(ALL.slice(1))).toContain('selects-nothing');
  });

  it.each([
    ['a database whose pods are there', [...ALL, LIVE]],
    ['a database that nothing means', [DATABASE, workload('orders')]],
    [
      'another object that has the name of what is selected',
      [
        'apiVersion: a.example/v1\nkind: Alert\nmetadata: { name: web, namespace: shop }\n',
        SERVICE.replace(/selector: \{.*?\}/, 'selector: { app: web }'),
      ],
    ],
    [
      'what watches pods of others',
      [
        'apiVersion: monitoring.example/v1\nkind: ServiceMonitor\nmetadata: { name: orders-db, namespace: shop }\nspec: { labels: { application: spilo, cluster-name: orders-db } }\n',
        SERVICE,
      ],
    ],
    [
      'a database of another namespace',
      [DATABASE.replace('shop', 'b'), SERVICE],
    ],
  ])('are not suggested for %s', (_, documents) => {
    expect(built(documents).findings).toEqual([]);
  });

  it('are not suggested beside a pod template, which is what its kind is known by', () => {
    const cluster = DATABASE.replace(
      'numberOfInstances: 2',
      'template: { metadata: { labels: { application: spilo, cluster-name: orders-db } }, spec: { containers: [{ name: c, image: i }] } }',
    );
    expect(built([cluster, SERVICE]).findings.map(({ code }) => code)).toEqual([
      'workload-kind-unknown',
    ]);
  });

  it.each([
    ['a template and pods', { ...POSTGRES, templatePath: 'spec.template' }],
    ['neither', { group: 'a', kind: 'B' }],
    ['pods without an account', { ...POSTGRES, pods: { labels: {} } }],
  ])('are refused in a profile with %s', (_, entry) => {
    const { findings } = parsePlatformProfile({
      path: 'p.yaml',
      text: JSON.stringify({
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'PlatformProfile',
        metadata: { name: 'c' },
        spec: { workloadKinds: [entry] },
      }),
    });
    expect(findings.map(({ code }) => code)).toEqual(['profile-invalid']);
  });
});
