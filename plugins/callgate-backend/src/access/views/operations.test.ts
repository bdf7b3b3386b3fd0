import { readContract } from '@callgate/policy';
import {
  grantedOperations,
  labelledOperations,
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
    expect(labelledOperations(['TCP 80'], contract)).toMatchObject([
      { id: 'TCP 80', kind: 'http', method: 'GET', path: '/orders' },
    ]);
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
