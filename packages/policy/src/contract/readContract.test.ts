import { OPENAPI, PROTO } from '../plan/__testUtils__/yaml';
import { readContract } from './readContract';

const openapi = (
  definition: string,
  annotations: Record<string, string> = {},
) =>
  readContract(
    { ref: 'api:default/orders', type: 'openapi', definition },
    annotations,
  );

describe('readContract', () => {
  it('lists the operations of an OpenAPI 3 definition', () => {
    const { operations, basePath, findings } = openapi(OPENAPI);
    expect(findings).toEqual([]);
    expect(basePath).toBe('');
    expect(operations).toEqual([
      {
        id: 'listOrders',
        kind: 'http',
        method: 'GET',
        path: '/orders',
        writes: false,
      },
      {
        id: 'createOrder',
        kind: 'http',
        method: 'POST',
        path: '/orders',
        writes: true,
      },
      {
        id: 'getOrder',
        kind: 'http',
        method: 'GET',
        path: '/orders/{id}',
        writes: false,
      },
    ]);
  });

  it('calls an operation without operationId by method and path', () => {
    const { operations } = openapi(
      '{ openapi: 3.1.0, paths: { /a: { put: { tags: [t], deprecated: true, summary: s } } } }',
    );
    expect(operations).toEqual([
      {
        id: 'PUT /a',
        kind: 'http',
        method: 'PUT',
        path: '/a',
        tag: 't',
        summary: 's',
        deprecated: true,
        writes: true,
      },
    ]);
  });

  it('takes the base path of OpenAPI 2 from basePath', () => {
    expect(
      openapi('{ swagger: "2.0", basePath: /api/, paths: {} }').basePath,
    ).toBe('/api');
    expect(openapi('{ swagger: 2.0, paths: {} }').basePath).toBe('');
  });

  it.each([
    ['[{ url: https://x.example/v1/ }]', '/v1'],
    ['[{ url: /v1 }]', '/v1'],
    ['[{ url: https://x.example }]', ''],
    ['[{ url: //x.example/v1?a=b }]', '/v1'],
    [
      '[{ url: "https://{h}/{v}", variables: { h: { default: x }, v: { default: v3 } } }]',
      '/v3',
    ],
    ['[{ url: https://a/v1 }, { url: https://b/v1/ }]', '/v1'],
  ])('reads the base path of servers %s as %j', (servers, basePath) => {
    expect(
      openapi(`{ openapi: 3.0.0, servers: ${servers}, paths: {} }`).basePath,
    ).toBe(basePath);
  });

  it.each([
    '[{ url: https://a/v1 }, { url: https://a/v2 }]',
    '[{ url: "https://a/{v}" }]',
    '[{ url: v1 }]',
    '[{ url: "/a/*" }]',
  ])('does not guess the base path of servers %s', servers => {
    const { basePath, findings } = openapi(
      `{ openapi: 3.0.0, servers: ${servers}, paths: {} }`,
    );
    expect(basePath).toBeUndefined();
    expect(findings.map(({ code }) => code)).toContain('base-path-ambiguous');
  });

  it('counts servers of a path as further servers', () => {
    const { basePath } = openapi(
      '{ openapi: 3.0.0, servers: [{ url: /v1 }], paths: { /a: { servers: [{ url: /v2 }], get: {} } } }',
    );
    expect(basePath).toBeUndefined();
  });

  it('lets the annotation decide, and refuses one that is no path', () => {
    const servers =
      '{ openapi: 3.0.0, servers: [{ url: /v1 }, { url: /v2 }], paths: { /a: { get: {} } } }';
    expect(
      openapi(servers, { 'callgate.dev/base-path': '/v2/' }),
    ).toMatchObject({ basePath: '/v2', findings: [] });
    expect(openapi(servers, { 'callgate.dev/base-path': '/' }).basePath).toBe(
      '',
    );
    expect(
      openapi(servers, { 'callgate.dev/base-path': 'v2' }).basePath,
    ).toBeUndefined();
    expect(
      openapi(servers, { 'callgate.dev/base-path': '/{v}' }).basePath,
    ).toBeUndefined();
  });

  it('follows references inside the document only', () => {
    const inside = openapi(
      '{ openapi: 3.1.0, paths: { /a: { $ref: "#/components/pathItems/a~1b" } }, components: { pathItems: { "a/b": { get: { operationId: x } } } } }',
    );
    expect(inside.operations.map(({ id }) => id)).toEqual(['x']);
    const outside = openapi(
      '{ openapi: 3.1.0, paths: { /a: { $ref: "https://evil.example/a.yaml" } } }',
    );
    expect(outside.operations).toEqual([]);
    expect(outside.findings.map(({ code }) => code)).toEqual([
      'contract-ref-not-followed',
      'contract-empty',
    ]);
  });

  it('ends on references that go round in a circle', () => {
    expect(
      openapi('{ openapi: 3.1.0, paths: { /a: { $ref: "#/paths/~1a" } } }')
        .operations,
    ).toEqual([]);
  });

  it.each([
    '{ openapi: 3.0.0',
    'just text',
    '{ openapi: 4.0.0, paths: {} }',
    '{ paths: {} }',
    '[]',
    '',
  ])('says that %j is no definition', definition => {
    const { readable, findings } = openapi(definition);
    expect(readable).toBe(false);
    expect(findings.map(({ code }) => code)).toEqual(['contract-unreadable']);
  });

  it('reports two operations with one operationId', () => {
    const { findings } = openapi(
      '{ openapi: 3.0.0, paths: { /a: { get: { operationId: x }, put: { operationId: x } } } }',
    );
    expect(findings.map(({ code }) => code)).toEqual([
      'contract-duplicate-operation',
    ]);
  });

  it('lists the methods of a protobuf definition with package and service', () => {
    const { operations, kind } = readContract({
      ref: 'api:default/o',
      type: 'grpc',
      definition: PROTO,
    });
    expect(kind).toBe('grpc');
    // A name says nothing for sure: to be careful it writes, and nobody has said so.
    expect(
      operations.map(({ id, writes, assumed }) => [id, writes, assumed]),
    ).toEqual([
      ['shop.Orders/Get', true, true],
      ['shop.Orders/List', true, true],
    ]);
  });

  it('knows of a protobuf method whether it writes where its option says so', () => {
    const { operations } = readContract({
      ref: 'api:default/o',
      type: 'grpc',
      definition: `syntax = "proto3"; service S {
        rpc Peek(A) returns (A) { option idempotency_level = NO_SIDE_EFFECTS; }
        rpc Put(A) returns (A) { option idempotency_level = IDEMPOTENT; }
        rpc Some(A) returns (A) { option idempotency_level = IDEMPOTENCY_UNKNOWN; }
      }`,
    });
    // descriptor.proto: NO_SIDE_EFFECTS "implies idempotent"; IDEMPOTENT "may have side effects"; UNKNOWN is the default.
    expect(
      operations.map(({ id, writes, assumed }) => [id, writes, assumed]),
    ).toEqual([
      ['S/Peek', false, undefined],
      ['S/Put', true, undefined],
      ['S/Some', true, true],
    ]);
  });

  it('needs neither imports nor known types in protobuf', () => {
    const { operations, findings } = readContract({
      ref: 'api:default/o',
      type: 'grpc',
      definition:
        'syntax = "proto3"; import "google/protobuf/empty.proto"; service S { rpc do_it(google.protobuf.Empty) returns (stream Unknown); }',
    });
    expect(findings).toEqual([]);
    expect(operations.map(({ id, writes }) => [id, writes])).toEqual([
      ['S/do_it', true],
    ]);
  });

  it('says that broken protobuf is no definition', () => {
    const { readable, findings } = readContract({
      ref: 'api:default/o',
      type: 'grpc',
      definition: 'service {',
    });
    expect(readable).toBe(false);
    expect(findings.map(({ code }) => code)).toEqual(['contract-unreadable']);
  });

  it.each(['asyncapi', 'graphql', 'tcp'])(
    'offers one operation, the port, for type %s',
    type => {
      expect(
        readContract({ ref: 'api:default/o', type, definition: '' }).operations,
      ).toEqual([{ id: 'port', kind: 'port', writes: true }]);
    },
  );
});
