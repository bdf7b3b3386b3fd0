import { readContract } from '@callgate/policy';
import {
  callsOf,
  grantedOperations,
  methodsByHand,
  operationText,
  operationsText,
} from './operations';

const contract = readContract({
  ref: 'api:default/orders',
  type: 'openapi',
  definition: `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /orders:
    get: { operationId: 'TCP 80', responses: {} }
`,
});

describe('operations', () => {
  it('are what the definition calls them, also where an operationId looks like a port', () => {
    expect(callsOf({ operations: ['TCP 80'] }, contract)).toMatchObject([
      { id: 'TCP 80', kind: 'http', method: 'GET', path: '/orders' },
    ]);
  });

  it.each(['TCP 5432', 'GET,POST /orders', 'grpc.Orders/{Get,List}', '*'])(
    'of a meaning that was stored with labels alone stay these words, and may write: %s',
    label => {
      const [call, ...more] = callsOf({ operations: [label] }, contract);
      expect(call).toEqual({ kind: 'http', id: label, writes: true });
      expect(more).toEqual([]);
      expect(operationText(call)).toBe(label);
    },
  );

  it('of a meaning that has them are those that it was stored with, whatever the definition says since', () => {
    const calls = [
      { id: 'TCP 80', kind: 'http', method: 'PUT', path: '/a', writes: true },
    ] as const;
    expect(callsOf({ calls, operations: ['TCP 80'] }, contract)).toEqual(calls);
    expect(operationText(calls[0])).toBe('PUT /a');
  });

  it('stand in the order of the definition, in a title as in a meaning, and what it does not offer after them', () => {
    const orders = readContract({
      ref: 'api:default/orders',
      type: 'openapi',
      definition: `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: {} }
    post: { operationId: createOrder, responses: {} }
  /orders/{id}:
    get: { operationId: getOrder, responses: {} }
`,
    });
    const asked = [
      { http: { methods: ['PUT'], paths: ['/other'] } },
      { id: 'getOrder' },
      { id: 'listOrders' },
    ];
    const title = operationsText(grantedOperations(asked, orders));
    expect(title).toBe('GET /orders, GET /orders/{id} and PUT /other');
    // As they were stored, sorted by id.
    const [list, get, put] = grantedOperations(asked, orders);
    expect(
      operationsText(
        callsOf({ calls: [get, list, put], operations: [] }, orders),
      ),
    ).toBe(title);
  });

  it('by hand are told for each method, as the core says', () => {
    const writes = new Map(
      methodsByHand().map(each => [each.method, each.writes]),
    );
    expect([writes.get('OPTIONS'), writes.get('PATCH')]).toEqual([false, true]);
  });

  it.each([
    ['GET', false],
    ['OPTIONS', false],
    ['TRACE', false],
    ['QUERY', false],
    ['POST', true],
    ['get', true],
  ])('of method %s write: %s, as the core says', (method, writes) => {
    const http = { methods: [method], paths: ['/other'] };
    expect(grantedOperations([{ http }], contract)).toMatchObject([{ writes }]);
  });

  it.each([
    [['/a'], 'GET /a'],
    [['/a', '/b'], 'GET /a and GET /b'],
    [['/a', '/b', '/c'], 'GET /a, GET /b and GET /c'],
    [['/a', '/b', '/c', '/d'], 'GET /a, GET /b and 2 more'],
  ])('are written in a sentence: %s', (paths, text) => {
    const http = { methods: ['GET'], paths };
    expect(operationsText(grantedOperations([{ http }], contract))).toBe(text);
  });
});
