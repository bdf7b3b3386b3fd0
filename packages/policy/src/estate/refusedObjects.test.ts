import { evaluate } from '../evaluate/evaluate';
import { createWorld } from '../evaluate/World';
import {
  checkout,
  http,
  peerAuthentication,
  shop,
} from '../evaluate/__testUtils__/ask';
import { statedProfile } from '../evaluate/__testUtils__/worlds';
import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';

const istio = (kind: string, spec: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: x, namespace: shop }\nspec: ${spec}\n---\n`;

function build(text: string) {
  const { objects } = loadManifests([{ path: 'e.yaml', text }]);
  return buildCluster({
    name: 'c',
    objects,
    profile: statedProfile(),
    mesh: 'sidecar',
  });
}

describe('an object that the API server refuses', () => {
  it.each([
    ['DestinationRule', '{ trafficPolicy: {} }', 'spec.host'],
    [
      'DestinationRule',
      '{ host: orders, trafficPolicy: { tls: { mode: NONE } } }',
      'spec.trafficPolicy.tls.mode',
    ],
    ['ServiceEntry', '{ hosts: [] }', 'spec.hosts'],
    [
      'ServiceEntry',
      '{ hosts: [a.example], ports: [{ number: 99999, name: a }] }',
      'spec.ports[0].number',
    ],
    ['WorkloadEntry', '{ labels: { app: a } }', 'spec.address'],
    [
      'WorkloadEntry',
      '{ address: 192.0.2.1, ports: { a: 0 } }',
      'spec.ports.a',
    ],
    ['WorkloadGroup', '{ metadata: {} }', 'spec.template'],
    [
      'Gateway',
      '{ servers: [{ port: { number: 80, name: http, protocol: HTTP } }] }',
      'spec.servers[0].hosts',
    ],
    [
      'Gateway',
      '{ servers: [{ port: { number: 80, name: a, protocol: HTTPS }, hosts: ["*"], tls: { mode: STRICT } }] }',
      'spec.servers[0].tls.mode',
    ],
  ])('of kind %s, as %s, is named with its field', (kind, spec, field) => {
    const { findings, cluster } = build(istio(kind, spec));
    expect(
      findings
        .filter(({ code }) => code === 'invalid-object')
        .map(({ at }) => at?.field),
    ).toEqual([field]);
    expect([cluster.workloads, cluster.services, cluster.hosts]).toEqual([
      [],
      [],
      [],
    ]);
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

  it.each([
    [
      'ServiceEntry',
      '{ hosts: [a.example], endpoints: [{ address: 192.0.2.1 }], workloadSelector: null }',
    ],
    [
      'DestinationRule',
      '{ host: orders, trafficPolicy: { tls: { mode: null } } }',
    ],
    ['WorkloadEntry', '{ address: 192.0.2.1, ports: { a: null } }'],
  ])(
    'is no %s that has null somewhere, which the API server takes away: nobody hides one behind it',
    (kind, spec) => {
      const { findings } = build(istio(kind, spec));
      expect(findings.filter(({ code }) => code === 'invalid-object')).toEqual(
        [],
      );
    },
  );

  it('is one that has null where its kind asks for something', () => {
    const { findings } = build(istio('WorkloadEntry', '{ address: null }'));
    expect(findings.map(({ at }) => at?.field)).toContain('spec.address');
  });

  it('is not one that has what its kind asks for', () => {
    const fine =
      istio('DestinationRule', '{ host: orders }') +
      istio(
        'ServiceEntry',
        '{ hosts: [a.example], ports: [{ number: 80, name: a }] }',
      ) +
      istio('WorkloadEntry', '{ address: "" }') +
      istio('WorkloadGroup', '{ template: {} }') +
      istio(
        'Gateway',
        '{ servers: [{ port: { number: 80, name: a, protocol: HTTP }, hosts: ["*"] }] }',
      );
    expect(
      build(fine).findings.filter(({ code }) => code === 'invalid-object'),
    ).toEqual([]);
  });
});
