import type { WorldContext } from './randomWorld';
import { Manifest } from './types';

/** Fields of a policy. */
export type Fields = Record<string, unknown>;

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
export const PATHS = [
  '/orders',
  '/orders',
  '/orders/',
  '/orders/*',
  '/orders*',
  '*/items',
  '/orders/{*}',
  '/orders/{*}/items',
  '/orders/{**}',
  '/files/{**}',
  '/files/{**}/meta',
  // gRPC: a service, and one of its methods.
  '/shop.Orders/*',
  '/shop.Orders/Get',
  '/secret/key',
  '/secret/key',
  '/secret%C3',
  '/',
  '*',
];
export const HOSTS = [
  'orders.shop',
  'orders.shop:8080',
  '*.shop',
  'orders*',
  '*',
];

export function principal({
  random,
  workloads,
  namespaces,
}: WorldContext): string {
  const { namespace, serviceAccount } = random.one(workloads);
  // Of the Gateway that some worlds have.
  if (random.chance(0.1))
    return `cluster.local/ns/${namespaces[0]}/sa/edge-istio`;
  return random.one([
    `cluster.local/ns/${namespace}/sa/${serviceAccount}`,
    `cluster.local/ns/${namespace}/sa/${serviceAccount}`,
    `cluster.local/ns/${namespace}/sa/${serviceAccount}`,
    `old.local/ns/${namespace}/sa/${serviceAccount}`,
    `cluster.local/ns/${namespace}/*`,
    `*/sa/${serviceAccount}`,
    '*',
  ]);
}

export function source(context: WorldContext): Fields {
  const { random, namespaces, workloads } = context;
  const not = random.chance(0.25);
  const field = (name: string) =>
    not ? `not${name[0].toUpperCase()}${name.slice(1)}` : name;
  const one: () => Fields = () => {
    switch (random.below(13)) {
      // Nobody has a token here, which Callgate does not know.
      case 3:
        return { [field('requestPrincipals')]: [random.one(['*', 'a/b'])] };
      case 0:
      case 4:
        return {
          [field('namespaces')]: random.some(
            [...namespaces, 'else*', '*ops'],
            1,
            2,
          ),
        };
      case 1:
      case 5:
        return {
          [field('ipBlocks')]: [
            random.one([
              '127.2.0.0/24',
              '127.2.0.9',
              '127.2.9.0/24',
              '127.2.0.0/16',
              '127.1.0.0/16',
              '0.0.0.0/0',
            ]),
          ],
        };
      case 2:
      case 6: {
        const { namespace, serviceAccount } = random.one(workloads);
        return {
          [field('serviceAccounts')]: [
            random.one([serviceAccount, `${namespace}/${serviceAccount}`]),
          ],
        };
      }
      default:
        return {
          [field('principals')]: Array.from(
            { length: 1 + random.below(2) },
            () => principal(context),
          ),
        };
    }
  };
  const first = one();
  // Service accounts stand alone, without principals and namespaces (Istio's validation).
  const alone = Object.keys(first).some(name => /erviceAccounts/.test(name));
  if (alone || !random.chance(0.25)) return first;
  const second = one();
  return Object.keys(second).some(name => /erviceAccounts/.test(name))
    ? first
    : { ...second, ...first };
}

function operation({ random }: WorldContext): Fields {
  const parts: Fields[] = [
    { methods: random.some(METHODS, 1, 2) },
    { methods: random.some(METHODS, 1, 2) },
    { notMethods: random.some(METHODS, 1, 2) },
    { paths: random.some(PATHS, 1, 2) },
    { paths: random.some(PATHS, 1, 2) },
    { paths: random.some(PATHS, 1, 2) },
    { notPaths: random.some(PATHS, 1, 2) },
    { ports: random.some(['8080', '9090', '80', '5432', '7070'], 1, 2) },
    { notPorts: random.some(['8080', '9090', '80'], 1, 1) },
    { hosts: random.some(HOSTS, 1, 2) },
    { notHosts: random.some(HOSTS, 1, 1) },
  ];
  return Object.assign({}, ...random.some(parts, 1, 2));
}

function condition(context: WorldContext): Fields {
  const { random, namespaces } = context;
  const values = random.chance(0.75) ? 'values' : 'notValues';
  return random.one<Fields>([
    { key: 'source.namespace', [values]: [random.one(namespaces)] },
    { key: 'source.principal', [values]: [principal(context)] },
    { key: 'request.headers[x-tenant]', [values]: ['a'] },
    { key: 'request.auth.claims[group]', [values]: ['admins'] },
    { key: 'destination.port', [values]: [random.one(['8080', '9090', '80'])] },
    {
      key: 'source.ip',
      [values]: [random.one(['127.2.0.0/24', '127.1.0.0/16'])],
    },
  ]);
}

function rule(context: WorldContext): Fields {
  const { random } = context;
  const some = <T>(most: number, make: () => T) =>
    Array.from({ length: 1 + random.below(most) }, make);
  return {
    // An empty list is taken for none.
    ...(random.chance(0.05) && { [random.one(['from', 'to'])]: [] }),
    ...(random.chance(0.7) && {
      from: some(2, () => ({ source: source(context) })),
    }),
    ...(random.chance(0.7) && {
      to: some(2, () => ({ operation: operation(context) })),
    }),
    ...(random.chance(0.2) && { when: some(2, () => condition(context)) }),
  };
}

/** A policy that a waypoint enforces, for one of its Services or for all of them. */
function atWaypoint(
  context: WorldContext,
  name: string,
  action: string,
): Manifest {
  const { random, withWaypoint, workloads, waypoints } = context;
  const ofServices = random.one(withWaypoint);
  const here = workloads.filter(each => each.namespace === ofServices);
  const isOfService = here.length > 0 && random.chance(0.8);
  const target = isOfService
    ? { group: '', kind: 'Service', name: random.one(here).name }
    : { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp' };
  const namespace = isOfService ? ofServices : random.one(waypoints);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace },
    spec: {
      targetRefs: [target],
      action,
      rules: Array.from({ length: 1 + random.below(2) }, () => rule(context)),
    },
  };
}

/** An AuthorizationPolicy for sidecars, with every field of sources and operations. */
export function randomAuthorizationPolicy(
  context: WorldContext,
  name: string,
): Manifest {
  const { random, namespaces, workloads } = context;
  const some = random.one(workloads);
  const selector = random.one<Fields | undefined>([
    undefined,
    { matchLabels: { app: some.name } },
    { matchLabels: { app: some.name } },
    { matchLabels: { tier: random.one(['front', 'back']) } },
    { matchLabels: { 'service.istio.io/canonical-name': some.name } },
  ]);
  const dryRun = random.chance(0.05) && {
    annotations: { 'istio.io/dry-run': 'true' },
  };
  const action = random.one([
    'ALLOW',
    'ALLOW',
    undefined,
    'DENY',
    'DENY',
    'AUDIT',
  ]);
  const { withWaypoint } = context;
  if (withWaypoint.length > 0 && random.chance(0.5))
    return atWaypoint(context, name, action ?? 'ALLOW');
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name,
      namespace: random.one([...namespaces, ...namespaces, 'istio-system']),
      ...dryRun,
    },
    spec: {
      ...(selector && { selector }),
      ...(action && { action }),
      ...(random.chance(0.93) && {
        rules: Array.from({ length: 1 + random.below(2) }, () => rule(context)),
      }),
    },
  };
}
