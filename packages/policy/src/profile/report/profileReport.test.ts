import { buildCluster } from '../../estate/buildCluster';
import { loadManifests } from '../../estate/loadManifests';
import {
  daemonSet,
  documents,
  istiod,
  meshConfigMap,
} from '../discover/__testUtils__/discovered';
import { parsePlatformProfile } from '../parsePlatformProfile';
import { platformProfileSchema } from '../PlatformProfileSchema';
import { PROFILE_FIELDS } from './profileFields';
import { profileReport } from './profileReport';
import { ProfileLine } from './types';

const HEAD =
  'apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod }\n';

function profileOf(text: string) {
  const { profile, findings } = parsePlatformProfile({
    path: 'profile.yaml',
    text: `${HEAD}${text}`,
  });
  if (!profile) throw new Error(findings[0].message);
  return profile;
}

function report(yaml: string, spec?: string) {
  const { objects } = loadManifests([{ path: 'estate.yaml', text: yaml }]);
  const { cluster } = buildCluster({
    name: 'prod',
    objects,
    ...(spec !== undefined && { profile: profileOf(`spec: ${spec}\n`) }),
  });
  const whole = profileReport(cluster);
  const of = (field: string) => {
    const entry = whole.entries.find(each => each.field === field);
    if (!entry) throw new Error(`no entry ${field}`);
    return entry;
  };
  return { ...whole, of };
}

/** A profile that has one line more, as somebody would add it. */
function withLine({ below, text }: ProfileLine): string {
  const [, group] = below.split('.');
  return group === undefined
    ? `spec:\n  ${text}\n`
    : `spec:\n  ${group}:\n    ${text}\n`;
}

const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  template:
    metadata: { labels: { app: orders, sidecar.istio.io/inject: "true" } }
    spec: { containers: [{ name: c }] }
`;

const EDGE = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

const service = (rest: string) => `apiVersion: v1
kind: Service
metadata: { name: edge-istio, namespace: edge ${rest} }
spec: { type: LoadBalancer, selector: { gateway.networking.k8s.io/gateway-name: edge }, ports: [{ port: 80 }] }
`;

describe('profileReport', () => {
  it('has an entry for every field that a profile may state', () => {
    const spec = platformProfileSchema.shape.spec.unwrap().shape;
    const fields = Object.entries(spec).flatMap(([name, part]) =>
      ['mesh', 'cni', 'network'].includes(name)
        ? Object.keys((part as typeof spec.mesh).unwrap().shape).map(
            inner => `${name}.${inner}`,
          )
        : [name],
    );
    expect(PROFILE_FIELDS.map(({ field }) => field).sort()).toEqual(
      fields.sort(),
    );
  });

  it('without a profile and of no objects, every field is guessed', () => {
    const { entries, hasProfile, missingKinds, meshNamespaces } = report('');
    expect(new Set(entries.map(({ state }) => state))).toEqual(
      new Set(['guessed']),
    );
    // Nothing has a proxy.
    expect(
      entries.filter(each => each.isConditional).map(({ field }) => field),
    ).toEqual(['dns']);
    expect(hasProfile).toBe(false);
    expect(meshNamespaces).toEqual(['istio-system']);
    expect(missingKinds).toEqual(
      expect.arrayContaining(['/ConfigMap', '/Node', 'apps/DaemonSet']),
    );
  });

  it('where a mesh is, verdicts rest on what docs/platform-profile.md calls guesses', () => {
    const { entries } = report(SHOP);
    expect(
      entries.filter(each => each.isConditional).map(({ field }) => field),
    ).toEqual([
      'mesh.rootNamespace',
      'mesh.trustDomain',
      'mesh.pathNormalization',
      'dns',
      'controlPlane',
    ]);
  });

  it('of what is only one more entry of a list, the rest stays a guess', () => {
    expect(
      report(
        daemonSet(
          'node-local-dns',
          'kube-system',
          '{ name: cache, args: [-localip, 169.254.20.10] }',
        ),
      ).of('dns'),
    ).toMatchObject({
      state: 'guessed',
      found: [{ object: 'DaemonSet kube-system/node-local-dns' }],
      isConditional: true,
    });
  });

  it('the line of each guess is taken by the profile, and states the field', () => {
    const { entries } = report('');
    for (const { field, lines } of entries) {
      const [line] = lines;
      expect([field, line?.text]).toEqual([field, expect.any(String)]);
      expect(line.text).not.toContain('\n');
      const { stated } = profileOf(withLine(line));
      expect(stated.map(each => each.field)).toEqual([field]);
    }
  });

  it('a line that states the default changes nothing but that it is stated', () => {
    const { entries, of } = report('');
    expect(of('mesh.trustDomain').lines[0]).toEqual({
      below: 'spec.mesh',
      text: 'trustDomain: cluster.local',
      from: 'default',
    });
    for (const { field, lines, value } of entries) {
      const [line] = lines;
      if (line?.from !== 'default') continue;
      const { objects } = loadManifests([]);
      const { cluster } = buildCluster({
        name: 'prod',
        objects,
        profile: profileOf(withLine(line)),
      });
      const again = profileReport(cluster).entries.find(
        each => each.field === field,
      );
      expect(again).toMatchObject({ state: 'stated', value });
      expect(again?.isConditional).toBe(false);
    }
  });

  it('what is found has its object and line, what is stated its place', () => {
    const { of, hasProfile } = report(
      meshConfigMap('trustDomain: a.example'),
      '{ mesh: { pathNormalization: NONE } }',
    );
    expect(of('mesh.trustDomain')).toEqual({
      field: 'mesh.trustDomain',
      state: 'found',
      value: 'a.example',
      found: [
        {
          value: 'a.example',
          object: 'ConfigMap istio-system/istio',
          at: expect.objectContaining({ file: 'estate.yaml', line: 6 }),
        },
      ],
      isConditional: false,
      suggestedBy: [],
      lines: [],
      saidBy: ['/ConfigMap'],
    });
    expect(of('mesh.pathNormalization')).toMatchObject({
      state: 'stated',
      value: 'NONE',
      stated: { at: { file: 'profile.yaml', line: 4 } },
    });
    expect(hasProfile).toBe(true);
  });

  it('a contradiction has both places, and which one is used', () => {
    const { of } = report(
      documents(
        meshConfigMap('trustDomain: a.example'),
        daemonSet('kube-flannel-ds', 'kube-flannel'),
      ),
      '{ mesh: { trustDomain: b.example }, cni: { enforcesNetworkPolicy: true } }',
    );
    expect(of('mesh.trustDomain')).toMatchObject({
      state: 'contradicts',
      value: 'b.example',
      stated: { value: 'b.example', at: { file: 'profile.yaml' } },
      found: [{ value: 'a.example', at: { file: 'estate.yaml', line: 6 } }],
      uses: 'stated',
      isConditional: true,
    });
    expect(of('cni.enforcesNetworkPolicy')).toMatchObject({
      state: 'contradicts',
      value: false,
      stated: { value: true },
      uses: 'found',
      isConditional: false,
    });
  });

  it('what runs beside the pods is found workload by workload, and a guess where one does not say', () => {
    expect(report(SHOP).of('mesh.mode')).toMatchObject({
      state: 'found',
      value: 'sidecar',
      found: [{ value: 'sidecar', object: 'Deployment shop/orders' }],
    });
    const silent = SHOP.replace(', sidecar.istio.io/inject: "true"', '');
    const mesh =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default, namespace: shop }\n';
    expect(report(documents(silent, mesh)).of('mesh.mode')).toMatchObject({
      state: 'guessed',
      isConditional: true,
    });
  });

  it.each([
    ['', 'internet'],
    [
      ', annotations: { service.beta.kubernetes.io/azure-load-balancer-internal: "true" }',
      'network',
    ],
  ])('gateways tell from where calls come: %s', (rest, takesFrom) => {
    expect(report(documents(EDGE, service(rest))).of('gateways')).toMatchObject(
      {
        state: 'found',
        value: [{ namespace: 'edge', name: 'edge', purpose: 'ingress' }],
        found: [
          {
            value: { namespace: 'edge', name: 'edge', purpose: 'ingress' },
            object: 'Gateway edge/edge',
            takesFrom,
          },
        ],
      },
    );
  });

  it('gateways tell the addresses of the internet that they have, and whether they are set up', () => {
    const status = `status:
  addresses: [{ type: IPAddress, value: '203.0.113.7' }]
  conditions: [{ type: Programmed, status: 'False' }]
`;
    expect(report(`${EDGE}${status}`).of('gateways')).toMatchObject({
      found: [
        {
          takesFrom: 'internet',
          addresses: ['203.0.113.7'],
          isProgrammed: false,
        },
      ],
    });
  });

  it('gateways that the profile states tell from where calls come, and those that are found beside them too', () => {
    const pods = (
      name: string,
      namespace: string,
      label: string,
    ) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { ${label}: ${name} } }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
`;
    const balancer = `apiVersion: v1
kind: Service
metadata: { name: front, namespace: ingress }
spec: { type: LoadBalancer, selector: { app: front }, ports: [{ port: 443 }] }
`;
    const { of } = report(
      documents(
        EDGE,
        pods('edge', 'edge', 'gateway.networking.k8s.io/gateway-name'),
        pods('front', 'ingress', 'app'),
        balancer,
      ),
      '{ gateways: [{ namespace: ingress, name: front }, { namespace: edge, name: edge }] }',
    );
    const { state, found } = of('gateways');
    expect(state).toBe('stated');
    // The one that is found and stated is there once.
    expect(found.map(({ object, takesFrom }) => [object, takesFrom])).toEqual([
      ['Gateway edge/edge', 'unknown'],
      ['Gateway ingress/front', 'internet'],
    ]);
  });

  it('what only opens something is suggested as a line, and not used', () => {
    const { of } = report(
      documents(
        istiod(),
        'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: monitoring }\n',
      ),
    );
    expect(of('scrapers')).toMatchObject({
      state: 'guessed',
      value: [],
      lines: [
        {
          below: 'spec',
          text: 'scrapers: [ { namespace: monitoring, podLabels: { operator.prometheus.io/name: k8s }, ports: [ { port: 15020, protocol: TCP } ] } ]',
          from: 'suggested',
          suggestedBy: ['Prometheus monitoring/k8s'],
        },
      ],
      suggestedBy: [{ object: 'Prometheus monitoring/k8s' }],
    });
  });

  // Whoever copies one line with all of them would let a team's own Prometheus in everywhere with the platform's.
  it('of several scrapers there is a line each, with whose it is', () => {
    const scraper = (namespace: string) =>
      `apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: ${namespace} }\n`;
    const { lines } = report(
      documents(istiod(), scraper('monitoring'), scraper('team-a')),
    ).of('scrapers');
    expect(
      lines.map(({ text, suggestedBy }) => [
        suggestedBy,
        text.includes('namespace: monitoring'),
        text.includes('namespace: team-a'),
      ]),
    ).toEqual([
      [['Prometheus monitoring/k8s'], true, false],
      [['Prometheus team-a/k8s'], false, true],
    ]);
  });

  it('of a scraper whose ports nobody knows there is no line', () => {
    const entry = report(
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: k8s, namespace: monitoring }\n',
    ).of('scrapers');
    expect(entry.suggestedBy).toHaveLength(1);
    expect(entry.lines).toEqual([]);
  });

  // Whoever may write in some namespace must not change what is said of the platform.
  it('objects of teams are believed in nothing but gateways and workloads of their own', () => {
    const told = documents(
      meshConfigMap(
        'trustDomain: evil.example',
        'name: istio, namespace: shop',
      ),
      istiod({ namespace: 'shop' }),
      ...['calico-node', 'ztunnel', 'node-local-dns', 'aws-node'].map(name =>
        daemonSet(name, 'shop', '{ name: m, image: "x:1.2.3" }'),
      ),
      'apiVersion: v1\nkind: Service\nmetadata: { name: kube-dns, namespace: shop }\nspec: { selector: { a: b }, ports: [{ port: 53 }] }\n',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { topology.istio.io/network: evil } }\n',
    );
    const states = report(told).entries.filter(
      ({ state, suggestedBy }) => state !== 'guessed' || suggestedBy.length > 0,
    );
    expect(states.map(({ field }) => field)).toEqual(['mesh.mode']);
  });

  it('suggests no line with characters that whoever copies it would not see', () => {
    const prometheus = (app: string) =>
      documents(
        istiod(),
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: p, namespace: shop }\nspec:\n  selector: { matchLabels: { app: "${app}" } }\n  template:\n    metadata: { labels: { app: "${app}" } }\n    spec: { containers: [{ name: c, image: prom/prometheus }] }\n`,
      );
    expect(report(prometheus('p')).of('scrapers').lines[0]?.text).toContain(
      'app: p',
    );
    const turned = report(prometheus('p\\u202Eq')).of('scrapers');
    expect(turned.suggestedBy).toHaveLength(1);
    expect(turned.lines).toEqual([]);
  });

  it('says the same again', () => {
    const yaml = documents(SHOP, EDGE, istiod(), meshConfigMap('{}'));
    expect(report(yaml).entries).toEqual(report(yaml).entries);
  });
});
