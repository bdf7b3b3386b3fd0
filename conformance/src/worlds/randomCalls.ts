import { Random } from './Random';
import { METHODS } from './randomAuthorizationPolicy';
import { viaOf, World, WorldCall } from './types';

/** Near what policies name: the same, longer, shorter, with other spellings. */
const PATHS = [
  '/orders',
  '/orders/',
  '/orders/',
  '/orders/7',
  '/orders/7/items',
  '/orders/7/items',
  '/orders/7/items/2',
  '/ordersX',
  '/Orders',
  '/orders?x=1',
  '//orders',
  '//orders',
  '/orders//7',
  '//secret/key',
  '/a/../orders',
  '/a/../secret/key',
  '/%6frders',
  '/orders%2F7',
  '/orders%2F7',
  '/secret/key',
  '/secret%2Fkey',
  '/secret%2Fkey',
  '/secret%c3',
  '/secret%C3',
  '/orders%5c7',
  '/files/a/b/meta',
  '/files/meta',
  '/files/',
  '/files/',
  '/x/items',
  '/shop.Orders/Get',
  '/shop.Orders/List',
  '/',
];
const HOSTS = [
  'orders.shop',
  'orders.shop:8080',
  'ORDERS.shop',
  'orders.else',
  'pay.shop',
];
const OUTSIDE = [
  '127.2.0.1',
  '127.2.0.9',
  '127.2.0.100',
  '127.3.0.9',
  '127.4.0.1',
];

/** Any host of a group. */
export function hostsOf(
  { workloads }: World,
  from: number | string,
  to: number,
  random: Random,
): Pick<WorldCall, 'fromIp' | 'toIp'> {
  const [fromIp, toIp] = [from, to].map(end => {
    const workload = typeof end === 'number' ? workloads[end] : undefined;
    return workload?.moreIps
      ? random.one([workload.ip, ...workload.moreIps])
      : undefined;
  });
  return { ...(fromIp && { fromIp }), ...(toIp && { toIp }) };
}

/** Calls to ask about, from a seed: pairs, ports, methods and paths at random. */
export function randomCalls(
  world: World,
  seed: number,
  count: number,
): WorldCall[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (): WorldCall => {
    // Nobody calls a waypoint itself.
    const ends = world.workloads.flatMap(({ ports }, index) =>
      ports.length > 0 ? [index] : [],
    );
    const to = random.one(ends);
    const others = world.workloads.flatMap(({ gateway }, index) =>
      index !== to && (ends.includes(index) || gateway) ? [index] : [],
    );
    const from = random.chance(0.85) ? random.one(others) : random.one(OUTSIDE);
    const hosts = hostsOf(world, from, to, random);
    if (random.chance(0.1))
      return {
        from,
        to,
        port: random.one([53, 8080, 5353, 3868]),
        protocol: random.one(['UDP', 'UDP', 'SCTP']),
        via: 'pod',
        ...hosts,
      };
    const port = random.one(
      world.workloads[to].ports.filter(({ protocol }) => !protocol),
    );
    return {
      ...hosts,
      from,
      to,
      port: port.number,
      protocol: 'TCP',
      via: viaOf(world.workloads[to], random.chance(0.7)),
      ...(port.speaks === 'http' && {
        http: {
          method: random.one(METHODS),
          path: random.one(PATHS),
          host: random.one(HOSTS),
          ...(random.chance(0.3) && {
            headers: { 'x-tenant': random.one(['a', 'b']) },
          }),
        },
      }),
    };
  });
}
