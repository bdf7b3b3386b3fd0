import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { clusterOf, statedProfile } from '../../evaluate/__testUtils__/worlds';
import type { KubernetesObject } from '../../estate/types';
import type { CatalogEntity } from '../../model/types';
import {
  api,
  component,
  namespace,
  service,
  workload,
} from '../../plan/__testUtils__/yaml';
import type { OnboardInput } from '../types';

/*
 * Small companies with policies that people wrote: what they allow is mostly sure, so that much of it can be imported, and
 * some of it is what no grant can say.
 */

const NAMES = ['a', 'b', 'c', 'd'];
const APIS = ['a', 'b'];

const pods = (name: string) => ({
  podSelector: { matchLabels: { app: name } },
});
const peer = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES).map(pods) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { podSelector: {} },
      {
        namespaceSelector: {
          matchLabels: { 'kubernetes.io/metadata.name': 'other' },
        },
      },
      { ipBlock: { cidr: '203.0.113.0/24' } },
      { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } },
    ),
  },
);
const ports = fc.constantFrom(
  [{ port: 8080 }],
  [{ port: 8080 }],
  [{ port: 'http' }],
  undefined,
);
const rule = fc
  .record({
    from: fc.array(peer, { minLength: 1, maxLength: 3 }),
    ports,
  })
  .map(({ from, ports: list }) => ({ from, ...(list && { ports: list }) }));

const networkPolicy = fc
  .record({
    selected: fc.constantFrom(...APIS, ...APIS, 'c', ''),
    ingress: fc.array(rule, { maxLength: 2 }),
    egress: fc.constantFrom(undefined, undefined, undefined, [], [{}]),
  })
  .map(({ selected, ingress, egress }) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    spec: {
      podSelector: selected === '' ? {} : { matchLabels: { app: selected } },
      policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress,
      ...(egress && { egress }),
    },
  }));

const operation = fc.constantFrom<object>(
  { ports: ['8080'] },
  { methods: ['GET'], ports: ['8080'] },
  { methods: ['GET'], paths: ['/orders'] },
  { methods: ['GET', 'POST'], paths: ['/orders'], ports: ['8080'] },
  { paths: ['/orders/{*}'] },
  { paths: ['/internal/*'] },
);
const authorizationPolicy = fc
  .record({
    selected: fc.constantFrom(...APIS, ...APIS, 'c'),
    action: fc.constantFrom('ALLOW', 'ALLOW', 'ALLOW', 'DENY'),
    callers: fc.uniqueArray(fc.constantFrom(...NAMES), {
      minLength: 1,
      maxLength: 3,
    }),
    operation: fc.option(operation, { nil: undefined }),
  })
  .map(({ selected, action, callers, operation: asked }) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    spec: {
      selector: { matchLabels: { app: selected } },
      action,
      rules: [
        {
          from: [
            {
              source: {
                principals: callers.map(
                  name => `cluster.local/ns/shop/sa/${name}`,
                ),
              },
            },
          ],
          ...(asked && { to: [{ operation: asked }] }),
        },
      ],
    },
  }));

const peerAuthentication = fc
  .constantFrom('STRICT', 'PERMISSIVE')
  .map(mode => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    spec: { mtls: { mode } },
  }));

/** What there is in one company. */
export const handWrittenWorlds = fc
  .record({
    mesh: fc.constantFrom('none', 'sidecar', 'sidecar', 'ambient'),
    unbound: fc.constantFrom([], [], ['d'], ['c', 'd'], ['a']),
    twice: fc.constantFrom([], [], [], ['b'], ['c']),
    shared: fc.constantFrom([], [], ['c', 'd']),
    replicas: fc.constantFrom(1, 1, 2),
    network: fc.array(networkPolicy, { maxLength: 3 }),
    authorization: fc.array(authorizationPolicy, { maxLength: 2 }),
    peers: fc.array(peerAuthentication, { maxLength: 1 }),
  })
  .map(toInput);

interface Drawn {
  mesh: string;
  unbound: readonly string[];
  twice: readonly string[];
  shared: readonly string[];
  replicas: number;
  network: object[];
  authorization: object[];
  peers: object[];
}

function toInput(drawn: Drawn): OnboardInput {
  const { mesh, unbound, twice, shared, replicas } = drawn;
  const hasMesh = mesh !== 'none';
  const named = (objects: readonly object[], name: string) =>
    objects.map((object, index) => ({
      ...object,
      metadata: { name: `${name}-${index}`, namespace: 'shop' },
    }));
  const estate = parse<KubernetesObject>([
    namespace('shop', {
      ...(mesh === 'ambient' && { 'istio.io/dataplane-mode': 'ambient' }),
    }),
    namespace('other', {
      'istio-injection': 'disabled',
      'istio.io/dataplane-mode': 'none',
    }),
    ...NAMES.flatMap(name => [
      workload(name, {
        ports: [{ name: 'http', containerPort: 8080 }],
        serviceAccount: shared.includes(name) ? 'shared' : name,
        replicas,
      }),
      service(name, [{ name: 'http', port: 80, targetPort: 8080 }]),
    ]),
    workload('stranger', {
      namespace: 'other',
      ports: [{ containerPort: 8080 }],
    }),
  ]);
  const policies = [
    ...named(drawn.network, 'network'),
    ...(hasMesh ? named(drawn.authorization, 'authorization') : []),
    ...(hasMesh ? named(drawn.peers, 'peers') : []),
  ];
  const base = statedProfile();
  return {
    clusters: [
      clusterOf([...estate, ...(policies as unknown as KubernetesObject[])], {
        name: 'prod',
        profile: {
          ...base,
          mesh: {
            ...base.mesh,
            mode: mesh === 'sidecar' || mesh === 'ambient' ? mesh : 'none',
          },
          network: {
            podCidrs: ['10.0.0.0/16'],
            nodeCidrs: ['10.1.0.0/24'],
            serviceCidrs: ['10.2.0.0/16'],
          },
        } as typeof base,
      }),
    ],
    catalog: parse<CatalogEntity>([
      ...APIS.map(name => api({ name, owner: 'team' })),
      ...NAMES.map(name =>
        component(
          name,
          {
            owner: 'team',
            ...(APIS.includes(name) && { providesApis: [name] }),
          },
          unbound.includes(name) ? {} : { 'backstage.io/kubernetes-id': name },
        ),
      ),
      ...twice.map(name =>
        component(
          `${name}-again`,
          { owner: 'team' },
          { 'backstage.io/kubernetes-label-selector': `app=${name}` },
        ),
      ),
    ]),
  };
}

function parse<T>(texts: readonly string[]): T[] {
  return parseAllDocuments(texts.join('\n---\n')).map(
    document => document.toJS() as T,
  );
}
