import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { accessTo } from '../access/accessTo';
import { loadManifests } from '../estate/loadManifests';
import { withGenerated } from '../compile/generatedObjects';
import { entityRefOf } from '../model/entity';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import { meaning } from './meaning';
import { meaningText } from './meaningText';

const API = 'api:default/orders';

/** An id that looks like a port, and paths that are served below a base path. */
const DEFINITION = `openapi: 3.1.0
info: { title: t, version: '1' }
servers: [{ url: https://shop.example/v1 }]
paths:
  /orders:
    get: { operationId: 'TCP 80', summary: All of them, responses: {} }
    post: { operationId: createOrder, responses: {} }
  /orders/{id}:
    get: { operationId: getOrder, responses: {} }
`;

const catalog = shopCatalog().map(entity =>
  entityRefOf(entity) === API
    ? { ...entity, spec: { ...entity.spec, definition: DEFINITION } }
    : entity,
);
const cluster = shopCluster();
const stateOf = (text: string) => ({
  compilation: compileShop([text], cluster, [], catalog),
  clusters: [cluster],
});
const change = (before: string, after: string) =>
  meaning({
    before: stateOf(before),
    after: stateOf(after),
    api: API,
    catalog,
    scope: ['prod'],
  });

const grantOf = (...operations: string[]) => `${policyText('orders', [])
  .replace(' []', '')
  .trimEnd()}
    - id: r1
      caller: component:default/checkout
      operations: [${operations.join(', ')}]
`;
const NOTHING = policyText('orders', []);
const LIST = '{ id: TCP 80 }';
const GET = '{ id: getOrder }';
const BY_HAND =
  '{ http: { methods: [GET, POST], paths: [/orders, "/orders/{name}"] } }';

describe('the operations of a meaning', () => {
  it('are those of the definition, also where an operationId looks like a port', () => {
    const { gained } = change(NOTHING, grantOf(LIST));
    expect(gained.map(({ calls }) => calls)).toEqual([
      [
        {
          id: 'TCP 80',
          kind: 'http',
          method: 'GET',
          path: '/orders',
          summary: 'All of them',
          writes: false,
        },
      ],
    ]);
  });

  it('are those of the row of the same caller', () => {
    const text = grantOf(LIST, BY_HAND);
    const { gained } = change(NOTHING, text);
    const { compilation } = stateOf(text);
    const { policy } = parseAccessPolicy({ path: 'orders.yaml', text });
    const { rows } = accessTo(
      {
        catalog,
        policies: [{ policy: policy! }],
        clusters: [
          withGenerated(cluster, loadManifests(compilation.files).objects),
        ],
        compilation,
      },
      API,
    );
    const granted = rows
      .flatMap(({ grants }) => grants)
      .flatMap(({ operations }) => operations);
    expect(granted).toHaveLength(5);
    expect(new Set(gained[0].calls)).toEqual(new Set(granted));
  });

  it('of a part of a grant are what the definition offers for exactly that part', () => {
    const { gained } = change(grantOf(LIST), grantOf(LIST, GET));
    expect(gained.map(({ operations }) => operations)).toEqual([
      ['GET /v1/orders/{*}'],
    ]);
    expect(gained[0].calls).toMatchObject([
      { id: 'getOrder', method: 'GET', path: '/orders/{id}', writes: false },
    ]);
  });

  it('of a part that the definition does not offer as such are as a grant would write them, without the base path', () => {
    const all = '{ http: { methods: ["*"], paths: [/orders] } }';
    const { gained } = change(grantOf(GET), grantOf(GET, all));
    expect(gained[0].calls).toEqual([
      { kind: 'http', method: '*', path: '/orders', writes: true },
    ]);
  });

  it('are told in one line in the words of whoever tells it', () => {
    const told = change(NOTHING, grantOf(GET));
    expect(meaningText(told)).toBe(told.text);
    expect(
      meaningText(told, ({ calls = [] }) =>
        calls.map(({ method, path }) => `${method} ${path}`),
      ),
    ).toMatch(/^Opens checkout → GET \/orders\/\{id\} of orders\.$/);
  });

  it.each([
    [
      'a first grant',
      NOTHING,
      grantOf(LIST),
      '66612f0df8cb334b1520c79b88f1ad27cddf3552f5b17e1179a268c1a21aee47',
    ],
    [
      'a grant that grows',
      grantOf(LIST),
      grantOf(LIST, BY_HAND),
      '105f64b545e0a8e9e9522e0cb3d85511a091191eb8d8ed8bcddc12d2a04ca3d7',
    ],
    [
      'a grant that shrinks',
      grantOf(LIST, GET),
      grantOf(GET),
      'f1d3f3a01f412ad0a3ea9920724d7f371910e31e983b7d9fe634e93a3993d6f1',
    ],
  ])(
    'are no part of what is approved: %s has the digest that it had before they were there',
    (_, before, after, digest) => {
      expect(change(before, after).digest).toBe(`sha256:${digest}`);
    },
  );
});
