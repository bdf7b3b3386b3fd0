import { Environment } from '@marcbachmann/cel-js';
import { parseAllDocuments } from 'yaml';
import { compileShop, policyText, shopCluster } from '../__fixtures__/shop';
import { Cluster } from '../estate/types';
import { harden, rbacReport } from '.';

const PLATFORM = { users: ['argo'], groups: ['platform'] };

function trusting(cluster: Cluster): Cluster {
  return {
    ...cluster,
    profile: { ...cluster.profile, trust: { platform: PLATFORM } },
  };
}

function hardened(more = '', trust = true) {
  const plain = shopCluster(more);
  const cluster = trust ? trusting(plain) : plain;
  const { plan } = compileShop(
    [policyText('orders', ['checkout: listOrders'])],
    cluster,
  );
  return harden(plan, [cluster]);
}

interface AdmissionPolicy {
  kind: string;
  metadata: { name: string };
  spec: { validations?: { expression: string; message: string }[] };
}

function objectsOf(hardening: ReturnType<typeof harden>): AdmissionPolicy[] {
  const file = hardening.files.find(({ path }) => path.endsWith('.yaml'));
  return parseAllDocuments(file?.text ?? '').map(each => each.toJS());
}

/** Judges a request by an independent implementation of CEL, as the API server would. */
function refusals(
  name: string,
  request: {
    object?: unknown;
    oldObject?: unknown;
    user?: string;
    groups?: string[];
  },
  more = '',
): string[] {
  const environment = new Environment()
    .registerVariable('object', 'dyn')
    .registerVariable('oldObject', 'dyn')
    .registerVariable('request', 'dyn');
  const policy = objectsOf(hardened(more)).find(
    each =>
      each.kind === 'ValidatingAdmissionPolicy' && each.metadata.name === name,
  );
  const validations = policy?.spec.validations ?? [];
  expect(validations).not.toEqual([]);
  return validations
    .filter(
      ({ expression }) =>
        environment.parse(expression)({
          object: request.object ?? null,
          oldObject: request.oldObject ?? null,
          request: {
            userInfo: {
              username: request.user ?? 'nobody',
              groups: request.groups ?? [],
            },
          },
        }) !== true,
    )
    .map(({ message }) => message);
}

const pod = (
  labels: Record<string, string> | undefined,
  spec: Record<string, unknown> = {},
  annotations?: Record<string, string>,
) => ({
  metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
  spec,
});

describe('admission policies for pods', () => {
  const PODS = 'callgate-pods-shop';

  it('admit the workload as it is, and pods that no policy selects', () => {
    expect(
      refusals(PODS, {
        object: pod(
          { app: 'checkout', 'backstage.io/kubernetes-id': 'checkout' },
          { serviceAccountName: 'checkout' },
        ),
      }),
    ).toEqual([]);
    expect(refusals(PODS, { object: pod(undefined) })).toEqual([]);
    expect(refusals(PODS, { object: pod({ app: 'other' }) })).toEqual([]);
  });

  it("refuse the caller's labels under another service account, also the default one", () => {
    const message =
      'Pods with the labels of shop/Deployment/checkout run under the service account checkout.';
    for (const spec of [{ serviceAccountName: 'cart' }, {}])
      expect(
        refusals(PODS, { object: pod({ app: 'checkout' }, spec) }),
      ).toEqual([message]);
  });

  it("admit pods with what the injector writes where Istio's CNI plugin is used", () => {
    const injected = (excluded: string) =>
      pod(
        { app: 'orders' },
        { serviceAccountName: 'orders' },
        {
          'sidecar.istio.io/status': '{}',
          'traffic.sidecar.istio.io/includeInboundPorts': '*',
          'traffic.sidecar.istio.io/excludeInboundPorts': excluded,
        },
      );
    expect(refusals(PODS, { object: injected('15020') })).toEqual([]);
    expect(refusals(PODS, { object: injected('15020, 15090') })).toEqual([]);
    for (const more of ['15020,8080', '*'])
      expect(refusals(PODS, { object: injected(more) })).toHaveLength(1);
  });

  it('admit every workload that a shared selector is meant for, with its own service account', () => {
    const canary = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout-canary, namespace: shop }
spec:
  template:
    metadata: { labels: { app: checkout, backstage.io/kubernetes-id: checkout } }
    spec:
      serviceAccountName: canary
      containers: [{ name: app }]
`;
    const admitted = (serviceAccountName: string) =>
      refusals(
        PODS,
        {
          object: pod(
            { app: 'checkout', 'backstage.io/kubernetes-id': 'checkout' },
            { serviceAccountName },
          ),
        },
        canary,
      ).length === 0;
    expect(['checkout', 'canary', 'cart'].map(admitted)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each<[string, ReturnType<typeof pod>]>([
    [
      'injection switched off',
      pod(
        { app: 'orders', 'sidecar.istio.io/inject': 'false' },
        { serviceAccountName: 'orders' },
      ),
    ],
    [
      'a port taken out of the mesh',
      pod(
        { app: 'orders' },
        { serviceAccountName: 'orders' },
        { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' },
      ),
    ],
    [
      'capture switched off',
      pod(
        { app: 'orders' },
        { serviceAccountName: 'orders' },
        { 'traffic.sidecar.istio.io/includeInboundPorts': '' },
      ),
    ],
    [
      'the network of the host',
      pod(
        { app: 'orders' },
        { serviceAccountName: 'orders', hostNetwork: true },
      ),
    ],
  ])('refuse %s', (_, object) => {
    expect(refusals(PODS, { object })).toEqual([
      "Pods of shop/Deployment/orders stay in the mesh, with the same ports, and off the host's network.",
    ]);
  });
});

describe('admission policies for the platform', () => {
  const labelled = (labels: Record<string, string>) => ({
    metadata: { labels },
  });

  it('let only the platform team change mesh labels', () => {
    const change = {
      oldObject: labelled({ 'istio-injection': 'enabled', team: 'a' }),
      object: labelled({ team: 'b' }),
    };
    expect(refusals('callgate-mesh-labels', change)).toEqual([
      'Only the platform team changes the label istio-injection.',
    ]);
    expect(
      refusals('callgate-mesh-labels', { ...change, groups: ['platform'] }),
    ).toEqual([]);
    expect(
      refusals('callgate-mesh-labels', {
        oldObject: labelled({ 'istio-injection': 'enabled', team: 'a' }),
        object: labelled({ 'istio-injection': 'enabled' }),
      }),
    ).toEqual([]);
  });

  it('guard generated objects when they are created, changed and deleted, and no others', () => {
    const ours = labelled({ 'app.kubernetes.io/managed-by': 'callgate' });
    const theirs = labelled({ app: 'x' });
    const NAME = 'callgate-generated-objects';
    expect(refusals(NAME, { object: ours })).toHaveLength(1);
    expect(refusals(NAME, { oldObject: ours })).toHaveLength(1);
    // Taking our label off would make it somebody else's.
    expect(refusals(NAME, { oldObject: ours, object: theirs })).toHaveLength(1);
    expect(refusals(NAME, { oldObject: ours, user: 'argo' })).toEqual([]);
    expect(refusals(NAME, { object: theirs })).toEqual([]);
  });

  it('are left out, with a finding, where the profile does not say who that is', () => {
    const hardening = hardened('', false);
    expect(objectsOf(hardening).map(({ metadata }) => metadata.name)).toEqual([
      'callgate-pods-shop',
      'callgate-pods-shop',
    ]);
    expect(hardening.findings.map(({ code }) => code)).toEqual([
      'platform-team-not-stated',
    ]);
  });
});

describe('the report on roles', () => {
  const role = (kind: string, name: string, rules: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}${kind === 'Role' ? ', namespace: shop' : ''} }
rules: ${rules}
`;
  const binding = (
    kind: string,
    role_: string,
    subject: string,
    namespace = 'shop',
  ) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: b-${role_.split('/')[1]}-${namespace}${
    kind === 'RoleBinding' ? `, namespace: ${namespace}` : ''
  } }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${
    role_.split('/')[0]
  }, name: ${role_.split('/')[1]} }
subjects: [${subject}]
`;
  const USER =
    '{ kind: User, name: priya, apiGroup: rbac.authorization.k8s.io }';

  const powers = (...manifests: string[]) => {
    const cluster = shopCluster(manifests.join('---\n'));
    const { plan } = compileShop(
      [policyText('orders', ['checkout: listOrders'])],
      cluster,
    );
    const report = rbacReport(plan, [cluster]);
    return {
      holders: report.holders.map(
        ({ subject, namespace, power }) => `${subject} ${namespace} ${power}`,
      ),
      unknown: report.unknown.map(({ subject }) => subject),
      through: report.holders.map(({ through }) => through),
    };
  };

  it('finds who may write policies in a namespace with granted calls, and through what', () => {
    const found = powers(
      role(
        'Role',
        'netpol',
        '[{ apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [patch] }]',
      ),
      binding('RoleBinding', 'Role/netpol', USER),
    );
    expect(found.holders).toEqual(['User/priya shop write-network-policies']);
    expect(found.through).toEqual([
      'RoleBinding/shop/b-netpol-shop gives Role/shop/netpol',
    ]);
  });

  it('does not count reading, or namespaces in which no granted call begins or ends', () => {
    expect(
      powers(
        role(
          'ClusterRole',
          'reader',
          '[{ apiGroups: ["*"], resources: [pods, services, networkpolicies], verbs: [get, list, watch] }]',
        ),
        binding('RoleBinding', 'ClusterRole/reader', USER),
        binding('RoleBinding', 'ClusterRole/edit', USER, 'elsewhere'),
      ),
    ).toEqual({ holders: [], unknown: [], through: [] });
  });

  it('counts reading everything, because a command in a pod begins with a GET too', () => {
    expect(
      powers(
        role(
          'ClusterRole',
          'reader',
          '[{ apiGroups: [""], resources: ["*"], verbs: [get] }]',
        ),
        binding('RoleBinding', 'ClusterRole/reader', USER),
      ).holders,
    ).toEqual(['User/priya shop act-as-a-pod']);
  });

  it('knows what edit and cluster-admin allow in every cluster', () => {
    expect(
      powers(binding('RoleBinding', 'ClusterRole/edit', USER)).holders,
    ).toEqual([
      'User/priya shop act-as-a-pod',
      'User/priya shop change-services',
      'User/priya shop issue-tokens',
      'User/priya shop run-pods',
      'User/priya shop write-network-policies',
    ]);
    const admin = powers(
      binding('ClusterRoleBinding', 'ClusterRole/cluster-admin', USER),
    ).holders;
    expect(admin).toContain('User/priya * label-namespaces');
    expect(admin).toContain('User/priya istio-system write-root-policies');
  });

  it('follows aggregation into edit', () => {
    expect(
      powers(
        `${role(
          'ClusterRole',
          'istio-edit',
          '[{ apiGroups: [security.istio.io], resources: [authorizationpolicies], verbs: ["*"] }]',
        ).replace(
          'name: istio-edit',
          'name: istio-edit, labels: { rbac.authorization.k8s.io/aggregate-to-edit: "true" }',
        )}`,
        binding(
          'RoleBinding',
          'ClusterRole/edit',
          '{ kind: ServiceAccount, name: ci, namespace: build }',
        ),
      ).holders,
    ).toContain('ServiceAccount/build/ci shop write-mesh-policies');
  });

  it('lists what is bound to a role that the estate does not have', () => {
    const found = powers(binding('RoleBinding', 'Role/gone', USER));
    expect(found.holders).toEqual([]);
    expect(found.unknown).toEqual(['User/priya']);
  });

  it('writes names of others as text, whatever they are', () => {
    const { files } = hardened(
      binding(
        'RoleBinding',
        'ClusterRole/edit',
        '{ kind: User, name: "x`|<script>\\n# y" }',
      ),
    );
    const report = files.find(({ path }) => path.endsWith('rbac.md'))?.text;
    expect(report).toContain('| `User/x__<script>_# y` | `shop` |');
  });
});
