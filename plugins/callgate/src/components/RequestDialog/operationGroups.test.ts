import type { Operation } from '@callgate/plugin-callgate-common';
import {
  allOf,
  groupOperations,
  searchOperations,
  toggle,
  toggleAll,
} from './operationGroups';
import { missingHeads, resolveOperations } from './resolveOperations';

const list: Operation = {
  id: 'listOrders',
  kind: 'http',
  method: 'GET',
  path: '/orders',
  tag: 'Orders',
  summary: 'List orders',
  writes: false,
};
const read: Operation = {
  id: 'getOrder',
  kind: 'http',
  method: 'GET',
  path: '/orders/{id}',
  tag: 'Orders',
  writes: false,
};
const place: Operation = {
  id: 'placeOrder',
  kind: 'http',
  method: 'POST',
  path: '/orders',
  tag: 'Orders',
  writes: true,
};
const health: Operation = {
  kind: 'http',
  method: 'GET',
  path: '/health',
  writes: false,
};
const quote: Operation = {
  kind: 'grpc',
  service: 'shop.Pricing',
  rpc: 'Quote',
  writes: true,
};
const offered = [health, list, read, place, quote];

describe('operations of the dialog', () => {
  it('are grouped by tag or service, those without either last', () => {
    expect(groupOperations(offered).map(({ name }) => name)).toEqual([
      'Orders',
      'shop.Pricing',
      '',
    ]);
  });

  it('are found by every word in method, path, id or summary', () => {
    expect(searchOperations(offered, 'get order')).toEqual([list, read]);
    expect(searchOperations(offered, 'PLACEORDER')).toEqual([place]);
    expect(searchOperations(offered, 'pricing quote')).toEqual([quote]);
    expect(searchOperations(offered, 'post health')).toEqual([]);
  });

  it('"all GET" of a group takes its reading operations and never one that writes', () => {
    const [orders, pricing] = groupOperations(offered);
    expect(allOf(orders)).toEqual({ verb: 'GET', operations: [list, read] });
    expect(allOf(pricing)).toBeUndefined();
  });

  it('"all" pressed again takes back only what it gave', () => {
    const all = toggleAll([place, list], [list, read]);
    expect(all).toEqual([place, list, read]);
    expect(toggleAll(all, [list, read])).toEqual([place]);
  });

  it('are picked and let go one by one', () => {
    expect(toggle(toggle([], list), list)).toEqual([]);
  });

  it('of a link are understood by the definition, and stay as written where it does not know them', () => {
    const found = resolveOperations(
      [
        { http: { methods: ['GET', 'DELETE'], paths: ['/orders'] } },
        { id: 'gone' },
        { grpc: { service: 'shop.Pricing' } },
        { udp: { port: 53 } },
        { sctp: { port: 38412 } },
        {},
      ],
      offered,
    );
    expect(found).toEqual([
      list,
      { kind: 'http', method: 'DELETE', path: '/orders', writes: true },
      { kind: 'http', id: 'gone', writes: true },
      quote,
      { kind: 'port', port: 53, protocol: 'UDP', writes: true },
      { kind: 'port', port: 38412, protocol: 'SCTP', writes: true },
    ]);
  });

  it('written by hand write where the backend says so of their method, and where it says nothing', () => {
    const methods: Operation[] = [
      { kind: 'http', method: 'QUERY', writes: false },
      { kind: 'http', method: 'GET', writes: true },
    ];
    const http = { methods: ['QUERY', 'GET', 'HEAD'], paths: ['/by-hand'] };
    expect(
      resolveOperations([{ http }], [], methods).map(({ writes }) => writes),
    ).toEqual([false, true, true]);
  });

  it('miss HEAD only where GET is picked without it', () => {
    const head: Operation = {
      kind: 'http',
      method: 'HEAD',
      path: '/orders',
      writes: false,
    };
    expect(missingHeads([list, head, read, place, quote])).toEqual([
      { kind: 'http', method: 'HEAD', path: '/orders/{id}', writes: false },
    ]);
  });
});
