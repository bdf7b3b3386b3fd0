import { evaluate } from '../evaluate/evaluate';
import { createWorld } from '../evaluate/World';
import {
  checkout,
  http,
  peerAuthentication,
  shop,
} from '../evaluate/__testUtils__/ask';
import { statedProfile } from '../evaluate/__testUtils__/worlds';
import { REFUSED, TAKEN } from './__testUtils__/istioObjects';
import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';

const istio = (
  kind: string,
  spec: string,
  apiVersion = 'networking.istio.io/v1',
) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x, namespace: shop }\nspec: ${spec}\n---\n`;

function build(text: string, profile = statedProfile()) {
  const { objects } = loadManifests([{ path: 'e.yaml', text }]);
  return buildCluster({ name: 'c', objects, profile, mesh: 'sidecar' });
}

/** Rows were asked of a Kubernetes API server with Istio's definitions; those of its webhook are from its source. */
describe('an object that the API server refuses', () => {
  it.each(REFUSED)(
    'of kind $kind, as $spec, is named with its field',
    ({ apiVersion, kind, spec, field }) => {
      const { findings, cluster } = build(istio(kind, spec, apiVersion));
      expect(
        findings
          .filter(({ code }) => code === 'invalid-object')
          .map(({ at }) => at?.field),
      ).toContain(field);
      expect([cluster.workloads, cluster.services, cluster.hosts]).toEqual([
        [],
        [],
        [],
      ]);
    },
  );

  it.each(TAKEN)(
    'is none of kind $kind that is $spec: nobody hides one behind a mistake that is none',
    ({ apiVersion, kind, spec }) => {
      const { findings } = build(istio(kind, spec, apiVersion));
      expect(findings.filter(({ code }) => code === 'invalid-object')).toEqual(
        [],
      );
    },
  );

  it.each([
    ['DestinationRule', 'networking.istio.io/v1', true],
    ['Gateway', 'networking.istio.io/v1', true],
    ['RequestAuthentication', 'security.istio.io/v1', false],
    ['Telemetry', 'telemetry.istio.io/v1', false],
    ['ProxyConfig', 'networking.istio.io/v1beta1', false],
  ])('of kind %s needs its spec: %s', (kind, apiVersion, isNeeded) => {
    const { findings } = build(istio(kind, 'null', apiVersion));
    expect(findings.some(({ code }) => code === 'invalid-object')).toBe(
      isNeeded,
    );
  });

  it('changes no verdict, and the same one without the mistake does', () => {
    const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
    const verdictWith = (mode: string) => {
      const rule = istio(
        'DestinationRule',
        `{ host: orders, trafficPolicy: { tls: { mode: DISABLE }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: ${mode} } }] } }`,
      );
      return evaluate(
        createWorld([build(shop + http + strict + rule).cluster]),
        {
          from: checkout,
          to: 'shop/Deployment/orders',
          port: 8080,
        },
      ).verdict;
    };
    expect(verdictWith('SIMPLE')).toBe('deny');
    expect(verdictWith('OFF')).toBe('allow');
  });

  it('is no server of a gateway, no host and no setting of proxies, as the same one without the mistake is', () => {
    const gatewayPods = shop.replaceAll(
      'app: orders',
      'app: orders, istio: gateway',
    );
    const proxyConfig = (value: string) =>
      istio(
        'ProxyConfig',
        `{ environmentVariables: { ISTIO_META_ENABLE_HBONE: "true", A: ${value} } }`,
        'networking.istio.io/v1beta1',
      );
    const takesHbone = (value: string) =>
      build(gatewayPods + proxyConfig(value)).cluster.workloads.some(
        ({ hbone }) => hbone,
      );
    expect([takesHbone('b'), takesHbone('1')]).toEqual([true, false]);
    const entry = (port: string) =>
      build(
        istio(
          'ServiceEntry',
          `{ hosts: [a.example], resolution: STATIC, ports: [{ number: 80, name: a, targetPort: ${port} }], endpoints: [{ address: 192.0.2.1 }] }`,
        ),
      ).cluster;
    expect(
      [entry('8080'), entry('0')].map(({ hosts }) => hosts.length),
    ).toEqual([1, 0]);
    const group = (port: string) =>
      build(
        istio(
          'WorkloadGroup',
          `{ metadata: { labels: { app: a } }, template: { serviceAccount: a, ports: { http: ${port} } } }`,
        ),
      ).cluster;
    expect(
      [group('8080'), group('0')].map(({ workloads }) => workloads.length),
    ).toEqual([1, 0]);
  });
});
