import fc from 'fast-check';
import { PlanInput } from '..';
import { planYaml } from './planYaml';
import {
  api,
  component,
  grant,
  namespace,
  policy,
  service,
  workload,
} from './yaml';

const NAMES = ['a', 'b', 'c', 'd'];

/** Mistakes are rare, so that enough is left to compare: one fails all that shares a workload with it. */
const mostly = <T>(right: T[], wrong: T[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...right), weight: 12 },
    { arbitrary: fc.constantFrom(...wrong), weight: 1 },
  );
const operation = mostly<Record<string, unknown>>(
  [
    { id: 'listOrders' },
    { id: 'createOrder' },
    { id: 'getOrder' },
    { http: { methods: ['*'], paths: ['/orders/{id}'] } },
    { tcp: { port: 8080 } },
  ],
  [{ id: 'nothing' }, { tcp: { port: 9 } }],
);
const caller = mostly(
  [
    ...NAMES.map(name => `component:default/${name}`),
    'self',
    'system:default/s',
    'cidr:192.0.2.0/24',
    'cidr:192.0.2.128/25',
    'gateway:edge/ingress',
  ],
  ['group:default/nobody', 'cidr:10.0.0.0/8'],
);
const GAPS = [
  'method-not-enforced',
  'identity-not-enforced',
  'shared-service-account',
];
const grants = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('g1', 'g2', 'g3', 'g4'),
    caller,
    operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
    acknowledges: fc.oneof(fc.constant(GAPS), fc.subarray(GAPS)),
  }),
  { selector: ({ id }) => id, maxLength: 4 },
);

const profile = (mode: string) =>
  `{ mesh: { mode: ${mode}, trustDomain: cluster.local, pathNormalization: DECODE_AND_MERGE_SLASHES }, network: { podCidrs: [10.0.0.0/8] } }`;

const gatewayOf = (name: string, home: string, gatewayClassName: string) =>
  JSON.stringify({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace: home },
    spec: { gatewayClassName, listeners: [] },
  });

/** A small company in which anything may be in the mesh or not, bound or not, closed or not. */
export const company = fc.record({
  apis: fc.array(fc.record({ name: fc.constantFrom(...NAMES), grants }), {
    minLength: 1,
    maxLength: 3,
  }),
  plain: fc.subarray(NAMES),
  unbound: fc.subarray(NAMES),
  shared: fc.subarray(NAMES),
  closed: fc.boolean(),
  mesh: fc.constantFrom('sidecar', 'ambient', 'waypoint'),
  mode: fc.constantFrom('observe', 'audit', 'enforce'),
});

export type Company = typeof company extends fc.Arbitrary<infer T> ? T : never;

/** The company as planning reads it. */
export function build({
  apis,
  plain,
  unbound,
  shared,
  closed,
  mesh,
  mode,
}: Company): PlanInput {
  const provided = [...new Map(apis.map(item => [item.name, item])).values()];
  const home = (name: string) => (plain.includes(name) ? 'plain' : 'shop');
  return planYaml({
    catalog: [
      ...provided.map(({ name }) => api({ name })),
      ...NAMES.map(name =>
        component(
          name,
          {
            owner: 'orders-team',
            system: 's',
            providesApis: provided.some(item => item.name === name)
              ? [name]
              : [],
          },
          unbound.includes(name) ? {} : { 'backstage.io/kubernetes-id': name },
        ),
      ),
      '{ apiVersion: backstage.io/v1alpha1, kind: System, metadata: { name: s } }',
    ],
    policies: provided.map(item =>
      policy(
        item.grants.map(one => grant(one.caller, one)),
        { mode },
        item.name,
      ),
    ),
    profiles: { prod: profile(mesh === 'sidecar' ? 'sidecar' : 'ambient') },
    estate: {
      prod: [
        namespace('plain', {
          'istio-injection': 'disabled',
          'istio.io/dataplane-mode': 'none',
        }),
        namespace('shop', {
          ...(closed && { 'callgate.dev/egress': 'enforce' }),
          ...(mesh !== 'sidecar' && { 'istio.io/dataplane-mode': 'ambient' }),
          ...(mesh === 'waypoint' && { 'istio.io/use-waypoint': 'waypoint' }),
        }),
        gatewayOf('ingress', 'edge', 'istio'),
        gatewayOf('waypoint', 'shop', 'istio-waypoint'),
        ...NAMES.flatMap(name => [
          workload(name, {
            namespace: home(name),
            ports: [{ containerPort: 8080 }],
            serviceAccount: shared.includes(name) ? 'default' : name,
          }),
          service(name).replace(
            '"namespace":"shop"',
            `"namespace":"${home(name)}"`,
          ),
        ]),
      ],
    },
  }).input;
}
