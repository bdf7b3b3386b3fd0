import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import { createWorld } from '../evaluate';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { compile } from './compile';

const compileWith = (
  texts: readonly string[],
  cluster?: Parameters<typeof compileShop>[1],
  catalog?: Parameters<typeof compileShop>[3],
) => compileShop(texts, cluster, [], catalog);

const ORDERS = policyText('orders', ['checkout: listOrders']);
const STOCK = policyText('stock', ['cart: listOrders']);
const FINE = compileWith([STOCK]).files;

/** The shop with something else in place of an entity. */
function shopWith(
  ref: string,
  change: (entity: CatalogEntity) => unknown,
): CatalogEntity[] {
  return shopCatalog().map(entity =>
    `${entity.kind}:${entity.metadata.name}` === ref
      ? (change(entity) as CatalogEntity)
      : entity,
  );
}

const define = (definition: unknown) =>
  shopWith('API:orders', entity => ({
    ...entity,
    spec: { ...entity.spec, definition },
  }));

const codesOf = (
  { findings }: ReturnType<typeof compileShop>,
  ref = 'api:default/orders',
) => [
  ...new Set(findings.filter(({ api }) => api === ref).map(each => each.code)),
];

const BROKEN_REFERENCE = `openapi: 3.1.0
paths:
  /orders:
    get: { operationId: listOrders }
  /admin: { $ref: '#/%zz' }
`;

describe('what one team writes', () => {
  it.each([
    ["a $ref that is '#/%zz'", BROKEN_REFERENCE],
    ['a version that is an object', 'openapi: { toString: 1 }\npaths: {}\n'],
    ['a swagger version that is an object', 'swagger: { valueOf: 1 }\n'],
    [
      'a $ref that is an object',
      'openapi: 3.1.0\npaths: { /a: { $ref: { toString: 1 } } }\n',
    ],
    [
      'a $ref to itself',
      "openapi: 3.1.0\npaths: { /a: { $ref: '#/paths/~1a' } }\n",
    ],
    ['no text at all', { toString: 1 }],
  ])('%s in a definition leaves every other API as it was', (_, definition) => {
    const granted = policyText('orders', ['checkout: refund']);
    const compilation = compileWith(
      [granted, STOCK],
      undefined,
      define(definition),
    );
    expect(compilation.files).toEqual(FINE);
    const { failedApis, held } = compilation;
    expect([...failedApis, ...held].map(({ api }) => api)).toEqual([
      'api:default/orders',
    ]);
    expect(codesOf(compilation)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^contract-/)]),
    );
  });

  it('a reference that leads nowhere concerns the operations of its path alone', () => {
    const sound = compileWith([ORDERS], undefined, define(BROKEN_REFERENCE));
    expect(sound.failedApis).toEqual([]);
    expect(codesOf(sound)).not.toContain('contract-ref-not-followed');
    const touched = ORDERS.replace(
      '- id: listOrders',
      "- http: { methods: [GET], paths: ['/admin'] }",
    );
    expect(
      codesOf(compileWith([touched], undefined, define(BROKEN_REFERENCE))),
    ).toContain('contract-ref-not-followed');
  });

  it('an operationId that two operations have concerns grants of this id alone', () => {
    const definition = `openapi: 3.1.0
paths:
  /orders: { get: { operationId: listOrders } }
  /a: { get: { operationId: twice }, put: { operationId: twice } }
`;
    expect(
      compileWith([ORDERS], undefined, define(definition)).failedApis,
    ).toEqual([]);
    const twice = policyText('orders', ['checkout: twice']);
    expect(
      codesOf(compileWith([twice], undefined, define(definition))),
    ).toContain('contract-duplicate-operation');
  });

  it.each([
    'backstage.io/kubernetes-namespace',
    'backstage.io/kubernetes-cluster',
    'callgate.dev/addresses',
    'callgate.dev/egress',
  ])('an annotation %s that is no text binds nothing', annotation => {
    const catalog = shopWith('Component:orders', entity => ({
      ...entity,
      metadata: {
        ...entity.metadata,
        annotations: {
          ...entity.metadata.annotations,
          [annotation]: { toString: 1 },
        },
      },
    }));
    const compilation = compileWith([ORDERS, STOCK], undefined, catalog);
    expect(compilation.files).toEqual(FINE);
    expect(codesOf(compilation)).toContain('binding-invalid');
    expect(compilation.findings).toContainEqual(
      expect.objectContaining({
        code: 'input-unreadable',
        objects: ['component:default/orders'],
        message: expect.stringContaining(annotation),
      }),
    );
  });

  it.each(['callgate.dev/port', 'callgate.dev/base-path'])(
    'an annotation %s that is no text is an error of its API, and not as if it were absent',
    annotation => {
      const catalog = shopWith('API:orders', entity => ({
        ...entity,
        metadata: { ...entity.metadata, annotations: { [annotation]: 80 } },
      }));
      const compilation = compileWith([ORDERS, STOCK], undefined, catalog);
      expect(compilation.files).toEqual(FINE);
      expect(codesOf(compilation)).toContain('input-unreadable');
    },
  );

  it.each([
    ['spec.providesApis', { spec: { providesApis: { toString: 1 } } }],
    ['relations', { relations: [{ type: 'providesApi', targetRef: null }] }],
    ['relations', { relations: { length: 1 } }],
    [
      'metadata.labels.tier',
      { metadata: { name: 'cart', labels: { tier: 1 } } },
    ],
  ])('%s that is something else is a finding of the entity', (field, lie) => {
    const catalog = shopWith('Component:cart', entity => ({
      ...entity,
      ...lie,
      metadata: {
        ...entity.metadata,
        ...(lie as { metadata?: object }).metadata,
      },
    }));
    const { files, findings } = compileWith([STOCK], undefined, catalog);
    expect(files).toEqual(FINE);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'input-unreadable',
        objects: ['component:default/cart'],
        message: expect.stringContaining(field),
      }),
    );
  });

  it('an entity without a name that can be read is left out, and said so', () => {
    const catalog = [
      ...shopCatalog(),
      { kind: 'API', metadata: { name: { toString: 1 } } },
      undefined,
    ];
    const { files, findings } = compileWith(
      [STOCK],
      undefined,
      catalog as CatalogEntity[],
    );
    expect(files).toEqual(FINE);
    expect(
      findings.filter(({ code }) => code === 'input-unreadable').length,
    ).toBeGreaterThan(0);
  });
});

describe('a reader that throws all the same', () => {
  /** Something that no reader foresees. */
  const thrower = (): never => {
    throw new Error('secret: at readSomething (file.ts:1:1)');
  };
  const parsed = [ORDERS, STOCK].map((text, index) => ({
    policy: parseAccessPolicy({ path: `${index}.yaml`, text }).policy!,
    file: `${index}.yaml`,
  }));

  const [orders, stock] = parsed;
  it.each([
    [
      'while it is planned',
      {
        ...orders.policy,
        spec: Object.defineProperty({ ...orders.policy.spec }, 'grants', {
          get: thrower,
        }),
      },
    ],
    [
      'while all are put in order',
      Object.defineProperty({ ...orders.policy }, 'metadata', {
        get: thrower,
      }),
    ],
  ])('for one declaration, %s, fails its API alone', (_, policy) => {
    const odd = { ...orders, policy };
    const { files, failedApis, findings } = compile({
      policies: [odd, stock],
      catalog: shopCatalog(),
      clusters: [shopCluster()],
    });
    expect(files).toEqual(FINE);
    expect(failedApis).toMatchObject([
      { api: 'api:default/orders', reason: 'errors' },
    ]);
    const found = findings.find(({ code }) => code === 'input-unreadable');
    expect(found).toMatchObject({
      api: 'api:default/orders',
      severity: 'error',
    });
    expect(found!.message).not.toContain('secret');
  });

  it('for one object of the estate leaves this one out, as an error', () => {
    const manifests = loadManifests([
      {
        path: 'e.yaml',
        text: '{ apiVersion: v1, kind: Service, metadata: { name: a, namespace: shop } }\n---\n{ apiVersion: v1, kind: Service, metadata: { name: b, namespace: shop } }\n',
      },
    ]).objects;
    Object.defineProperty(manifests[0].object, 'spec', { get: thrower });
    const { cluster, findings } = buildCluster({
      name: 'prod',
      objects: manifests,
    });
    expect(cluster.services.map(({ name }) => name)).toEqual(['b']);
    expect(findings).toMatchObject([
      {
        code: 'estate-not-readable',
        severity: 'error',
        objects: ['Service shop/a'],
      },
    ]);
  });

  it.each([
    ['networking.k8s.io/v1', 'NetworkPolicy'],
    ['security.istio.io/v1', 'AuthorizationPolicy'],
    ['security.istio.io/v1', 'PeerAuthentication'],
  ])(
    'for one policy of the world, %s %s, counts this one as rejected',
    (apiVersion, kind) => {
      const { objects } = loadManifests([
        {
          path: 'e.yaml',
          text: `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: odd, namespace: shop }, spec: {} }`,
        },
      ]);
      Object.defineProperty(objects[0].object, 'spec', { get: thrower });
      const { findings } = createWorld([
        { ...shopCluster(), objects: [...shopCluster().objects, ...objects] },
      ]);
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'invalid-object',
          severity: 'error',
          objects: [expect.stringContaining('odd')],
        }),
      );
    },
  );
});
