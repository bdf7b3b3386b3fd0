import { defaultPlatformProfile } from '../profile';
import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';
import { servicesOf, targetPort, workloadsOf } from './serviceLookup';

function cluster(
  text: string,
  mesh?: 'detect' | 'sidecar' | 'ambient' | 'none',
) {
  const loaded = loadManifests([{ path: 'estate.yaml', text }]);
  const built = buildCluster({
    name: 'c',
    objects: loaded.objects,
    ...(mesh ? { mesh } : {}),
  });
  return { ...built, findings: [...loaded.findings, ...built.findings] };
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop, labels: { team: a } }
spec:
  replicas: 3
  template:
    metadata: { labels: { app: orders } }
    spec:
      serviceAccountName: orders-sa
      containers:
        - name: main
          ports: [{ name: http, containerPort: 8080 }, { name: dns, containerPort: 53, protocol: UDP }]
`;

describe('loadManifests', () => {
  it('says file, line and column of a document that is no YAML, and reads the others', () => {
    const { objects, findings } = loadManifests([
      {
        path: 'a.yaml',
        text: 'kind: [\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n',
      },
    ]);
    expect(objects.map(o => o.object.metadata.name)).toEqual(['b']);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: 'estate-not-readable',
      at: { file: 'a.yaml' },
    });
    expect(findings[0].at?.line).toBeGreaterThanOrEqual(1);
  });

  it('unrolls lists, also typed ones that leave out the kind of their items', () => {
    const { objects } = loadManifests([
      {
        path: 'a.json',
        text: JSON.stringify({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicyList',
          items: [{ metadata: { name: 'p', namespace: 'n' }, spec: {} }],
        }),
      },
    ]);
    expect(
      objects.map(o => `${o.object.kind} ${o.object.metadata.name}`),
    ).toEqual(['NetworkPolicy p']);
  });

  it('finds the line of a field, and of the nearest enclosing one when it is absent', () => {
    const { objects } = loadManifests([
      {
        path: 'a.yaml',
        text: '# first\n---\napiVersion: v1\nkind: X\nmetadata:\n  name: a\nspec:\n  list:\n    - p: 1\n    - p: 2\n',
      },
    ]);
    expect(objects[0].at).toEqual({ file: 'a.yaml', line: 3, column: 1 });
    expect(objects[0].locate?.(['spec', 'list', 1, 'p'])).toEqual({
      file: 'a.yaml',
      line: 10,
      column: 7,
      field: 'spec.list[1].p',
    });
    expect(objects[0].locate?.(['spec', 'nothing'])?.line).toBe(7);
  });

  it('refuses a bomb of aliases with a finding instead of expanding it', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${new Array(9).fill(`*a${i - 1}`).join(',')}]`,
      );
    const { objects, findings } = loadManifests([
      {
        path: 'bomb.yaml',
        text: `apiVersion: v1\nkind: List\n${lines.join('\n')}`,
      },
    ]);
    expect(objects).toEqual([]);
    expect(findings.map(f => f.code)).toEqual(['estate-not-readable']);
  });

  it('passes over documents that are no Kubernetes objects', () => {
    expect(
      loadManifests([
        { path: 'values.yaml', text: 'image: x\n---\n- 1\n---\n~\n' },
      ]),
    ).toEqual({
      objects: [],
      findings: [],
    });
  });
});

describe('buildCluster', () => {
  it('reads a workload from its pod template', () => {
    const { cluster: c } = cluster(DEPLOYMENT);
    expect(c.workloads).toHaveLength(1);
    expect(c.workloads[0]).toMatchObject({
      id: 'shop/Deployment/orders',
      podLabels: { app: 'orders' },
      labels: { team: 'a' },
      serviceAccount: 'orders-sa',
      replicas: 'many',
      mesh: 'none',
      meshIsGuess: false,
      containerPorts: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    });
  });

  it('gives namespaces that are only mentioned the label that the API server sets', () => {
    const { cluster: c } = cluster(DEPLOYMENT);
    expect(c.namespaces.get('shop')?.labels).toEqual({
      'kubernetes.io/metadata.name': 'shop',
    });
  });

  it('does not let a manifest lie about the name label of a namespace', () => {
    const { cluster: c } = cluster(
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { kubernetes.io/metadata.name: b } }\n',
    );
    expect(c.namespaces.get('a')?.labels['kubernetes.io/metadata.name']).toBe(
      'a',
    );
  });

  it('folds pods and ReplicaSets into the Deployment that made them', () => {
    const owned = `
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: orders-5d, namespace: shop, ownerReferences: [{ kind: Deployment, name: orders, controller: true }] }
spec: { template: { metadata: { labels: { app: orders, pod-template-hash: 5d } }, spec: {} } }
---
apiVersion: v1
kind: Pod
metadata:
  { name: orders-5d-x, namespace: shop, labels: { app: orders, pod-template-hash: 5d },
    ownerReferences: [{ kind: ReplicaSet, name: orders-5d, controller: true }] }
spec: { containers: [{ name: main }, { name: istio-proxy }] }
`;
    const withDeployment = cluster(DEPLOYMENT + owned).cluster.workloads;
    expect(withDeployment.map(w => [w.id, w.mesh])).toEqual([
      ['shop/Deployment/orders', 'sidecar'],
    ]);
    const podsOnly = cluster(owned.slice(owned.indexOf('apiVersion: v1')))
      .cluster.workloads;
    expect(podsOnly.map(w => w.id)).toEqual(['shop/Deployment/orders']);
  });

  it.each([
    [
      'a CronJob',
      'batch/v1',
      'CronJob',
      'jobTemplate: { spec: { template: { metadata: { labels: { a: b } }, spec: {} } } }',
    ],
    [
      'an Argo Rollout',
      'argoproj.io/v1alpha1',
      'Rollout',
      'template: { metadata: { labels: { a: b } }, spec: {} }',
    ],
    [
      'a Knative Service',
      'serving.knative.dev/v1',
      'Service',
      'template: { metadata: { labels: { a: b } }, spec: {} }',
    ],
  ])('takes %s for a workload', (_, apiVersion, kind, spec) => {
    const { cluster: c } = cluster(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: w }\nspec: { ${spec} }\n`,
    );
    expect(c.workloads.map(w => [w.id, w.podLabels.a])).toEqual([
      [`default/${kind}/w`, 'b'],
    ]);
    expect(c.services).toEqual([]);
  });

  it('takes kinds of the profile for workloads', () => {
    const profile = {
      ...defaultPlatformProfile('c'),
      workloadKinds: [
        { group: 'example.org', kind: 'App', templatePath: 'spec.pod' },
      ],
    };
    const { objects } = loadManifests([
      {
        path: 'a.yaml',
        text: 'apiVersion: example.org/v1\nkind: App\nmetadata: { name: w }\nspec: { pod: { metadata: { labels: { a: b } } } }\n',
      },
    ]);
    expect(
      buildCluster({ name: 'c', objects, profile }).cluster.workloads[0]
        .podLabels,
    ).toEqual({ a: 'b' });
  });

  it('says that two different manifests of one object were given, and uses the later', () => {
    const { cluster: c, findings } = cluster(
      `${DEPLOYMENT}\n---${DEPLOYMENT.replace('orders-sa', 'other')}`,
    );
    expect(c.workloads.map(w => w.serviceAccount)).toEqual(['other']);
    expect(findings.map(f => f.code)).toEqual(['duplicate-object']);
    expect(cluster(`${DEPLOYMENT}\n---${DEPLOYMENT}`).findings).toEqual([]);
  });
});

describe('what runs beside a pod', () => {
  const namespace = (labels: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { ${labels} } }\n---`;
  const meshOf = (
    text: string,
    mesh?: 'detect' | 'sidecar' | 'ambient' | 'none',
  ) => {
    const [workload] = cluster(text, mesh).cluster.workloads;
    return [workload.mesh, workload.meshIsGuess];
  };

  it('is a sidecar in a namespace with injection, unless the pod refuses it', () => {
    const injected = namespace('istio-injection: enabled') + DEPLOYMENT;
    expect(meshOf(injected)).toEqual(['sidecar', false]);
    expect(
      meshOf(
        injected.replace(
          'app: orders }',
          "app: orders, sidecar.istio.io/inject: 'false' }",
        ),
      ),
    ).toEqual(['none', false]);
    expect(
      meshOf(
        injected.replace('    spec:\n', '    spec:\n      hostNetwork: true\n'),
      ),
    ).toEqual(['none', false]);
  });

  it('is ambient by the label of the namespace, unless a sidecar is injected', () => {
    expect(
      meshOf(namespace('istio.io/dataplane-mode: ambient') + DEPLOYMENT),
    ).toEqual(['ambient', false]);
    expect(
      meshOf(
        namespace(
          'istio.io/dataplane-mode: ambient, istio-injection: enabled',
        ) + DEPLOYMENT,
      ),
    ).toEqual(['sidecar', false]);
  });

  it('is a guess when the estate has a mesh and nothing says whether this pod is in it', () => {
    const other =
      '---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: d }\nspec: {}\n';
    expect(meshOf(DEPLOYMENT)).toEqual(['none', false]);
    expect(meshOf(DEPLOYMENT + other)).toEqual(['none', true]);
    expect(meshOf(DEPLOYMENT + other, 'sidecar')).toEqual(['sidecar', false]);
  });
});

describe('a namespace without a label for the mesh', () => {
  const labelled =
    '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: x, labels: { istio-injection: enabled } }\n';
  const given =
    '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
  const guess = (text: string) =>
    cluster(text).cluster.workloads[0].meshIsGuess;

  it('is outside of it where others have one, and a guess where only other objects mention it', () => {
    expect(guess(DEPLOYMENT + labelled + given)).toBe(false);
    expect(guess(DEPLOYMENT + labelled)).toBe(true);
  });
});

describe('Services', () => {
  const service = (target: string) => `---
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ port: 80, targetPort: ${target} }] }
`;

  it('P1: lead to the port of the pods, by number or by name', () => {
    const { cluster: c } = cluster(DEPLOYMENT + service('http'));
    const [orders] = c.services;
    expect(servicesOf(c, c.workloads[0])).toEqual([orders]);
    expect(workloadsOf(c, orders)).toEqual([c.workloads[0]]);
    expect(targetPort(orders.ports[0], c.workloads[0])).toBe(8080);
    expect(
      targetPort(
        cluster(DEPLOYMENT + service('9090')).cluster.services[0].ports[0],
        c.workloads[0],
      ),
    ).toBe(9090);
  });

  it('lead nowhere by a name that only a port of another protocol has', () => {
    const { cluster: c } = cluster(DEPLOYMENT + service('dns'));
    expect(targetPort(c.services[0].ports[0], c.workloads[0])).toBeUndefined();
  });
});

describe('externalTrafficPolicy of a Service', () => {
  it.each([
    ['externalTrafficPolicy: Local,', 'Local'],
    ['externalTrafficPolicy: Cluster,', 'Cluster'],
    // What is no word of Kubernetes keeps no address.
    ['externalTrafficPolicy: local,', 'Cluster'],
    ['externalTrafficPolicy: 7,', 'Cluster'],
    // Kubernetes sets it so where nobody says it.
    ['', 'Cluster'],
  ])('%j is read as %s', (written, meant) => {
    const { cluster: c } = cluster(`
apiVersion: v1
kind: Service
metadata: { name: edge, namespace: shop }
spec: { type: LoadBalancer, ${written} selector: { app: a }, ports: [{ port: 80 }] }
`);
    expect(c.services[0].externalTrafficPolicy).toBe(meant);
  });
});

describe('the place of a line inside a text', () => {
  const at = (yaml: string, line: number) =>
    loadManifests([{ path: 'e.yaml', text: yaml }]).objects[0].locate?.(
      ['data', 'x'],
      line,
    );
  const head =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n';

  it('is its line in the file', () => {
    expect(at(`${head}  x: |\n    a: 1\n    b: 2\n`, 2)).toEqual({
      file: 'e.yaml',
      line: 7,
      field: 'data.x',
    });
    expect(
      at(
        `apiVersion: v1\nkind: List\nitems:\n  - ${head.replace(
          /\n/g,
          '\n    ',
        )}  x: |\n        a: 1\n`,
        1,
      ),
    ).toEqual({ file: 'e.yaml', line: 9, field: 'data.x' });
  });

  it('is the field where the text is not written line by line', () => {
    expect(at(`${head}  x: "a: 1\\nb: 2"\n`, 2)).toMatchObject({
      line: 5,
      column: 3,
    });
    expect(at(`${head}  y: z\n`, 2)).toMatchObject({ line: 4 });
  });
});
