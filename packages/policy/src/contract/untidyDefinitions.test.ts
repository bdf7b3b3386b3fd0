import { contractOf, readContract } from './readContract';

const read = (definition: string, type = 'openapi') =>
  readContract({ ref: 'api:default/books', type, definition });

const codesOf = (definition: string, type?: string) =>
  read(definition, type).findings.map(({ code }) => code);

const idsOf = (definition: string, type?: string) =>
  read(definition, type).operations.map(({ id }) => id);

const SMALL = '{ openapi: 3.0.0, paths: { /a: { get: { operationId: a } } } }';

describe('OpenAPI as people write it', () => {
  it.each(['3.0', '3.1', '3.2', '3', '3.2.0', '3.1.1', '"3.0"'])(
    'reads the version %s, with quotes or without',
    version => {
      expect(
        idsOf(
          `openapi: ${version}\npaths: { /a: { get: { operationId: a } } }`,
        ),
      ).toEqual(['a']);
    },
  );

  it.each(['3.3.0', '"3.20"', '4', '31', '2.0'])(
    'refuses the version %s, which it does not know',
    version => {
      expect(codesOf(`{ openapi: ${version}, paths: {} }`)).toEqual([
        'contract-unreadable',
      ]);
    },
  );

  it('reads an older definition beside a version that lies about turning into text', () => {
    expect(
      idsOf(
        '{ swagger: "2.0", openapi: { toString: 1, valueOf: 2 }, paths: { /a: { get: { operationId: a } } } }',
      ),
    ).toEqual(['a']);
  });

  it('reads query and additionalOperations of OpenAPI 3.2', () => {
    const { operations, findings } = read(
      '{ openapi: 3.2.0, paths: { /a: { query: { operationId: q }, additionalOperations: { COPY: { operationId: c } } } } }',
    );
    expect(findings).toEqual([]);
    expect(
      operations.map(({ id, method, writes }) => [id, method, writes]),
    ).toEqual([
      ['q', 'QUERY', false],
      ['c', 'COPY', true],
    ]);
  });

  it('says that an older definition has no such methods', () => {
    const { operations, findings } = read(
      '{ openapi: 3.1.0, paths: { /a: { get: {}, query: {}, additionalOperations: { COPY: {} } } } }',
    );
    expect(operations.map(({ id }) => id)).toEqual(['GET /a']);
    expect(findings.map(({ message }) => message)).toEqual([
      'The path /a of api:default/books has an operation that is not read: query is a field of OpenAPI 3.2 and later',
      'The path /a of api:default/books has an operation that is not read: additionalOperations is a field of OpenAPI 3.2 and later',
    ]);
  });

  it('refuses a further method that no request can have', () => {
    expect(
      codesOf(
        '{ openapi: 3.2.0, paths: { /a: { get: {}, additionalOperations: { "A B": {} } } } }',
      ),
    ).toEqual(['contract-part-unreadable']);
  });
});

describe('operations that nobody would read', () => {
  it('names a method in capitals, a path without slash, and paths that refer to each other', () => {
    const { operations, findings } = read(
      [
        'openapi: 3.0.0',
        'paths:',
        '  /a: { GET: { operationId: upper } }',
        '  b: { get: { operationId: noSlash } }',
        '  /c: { $ref: "#/paths/~1d" }',
        '  /d: { $ref: "#/paths/~1c" }',
      ].join('\n'),
    );
    expect(operations).toEqual([]);
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'contract-part-unreadable',
        'The path /a of api:default/books has an operation that is not read: OpenAPI writes get, not GET',
      ],
      [
        'contract-part-unreadable',
        'The path b of api:default/books does not begin with a slash: its operations are not read',
      ],
      [
        'contract-part-unreadable',
        'The path /c of api:default/books refers to itself, or over more than 10 references',
      ],
      [
        'contract-part-unreadable',
        'The path /d of api:default/books refers to itself, or over more than 10 references',
      ],
      [
        'contract-empty',
        'The definition of api:default/books has no operation: nothing but its port can be granted',
      ],
    ]);
  });

  it('says nothing of extensions beside paths and methods', () => {
    expect(
      codesOf(
        '{ openapi: 3.0.0, paths: { x-owner: team, /a: { get: {}, x-GET: {}, parameters: [], summary: s } } }',
      ),
    ).toEqual([]);
  });

  it('says that a definition in protobuf has types alone', () => {
    expect(codesOf('syntax = "proto3"; message M {}', 'grpc')).toEqual([
      'contract-empty',
    ]);
  });
});

describe('the type of an API', () => {
  it.each(['OpenAPI', 'openapi3', 'openapi-3.1', 'Swagger', 'open-api', 'OAS'])(
    'reads %s as openapi',
    type => {
      expect(idsOf(SMALL, type)).toEqual(['a']);
    },
  );

  it.each(['REST', 'http', 'rest-api', 'RESTful'])(
    'reads %s as openapi where the definition says that it is',
    type => {
      expect(idsOf(SMALL, type)).toEqual(['a']);
      expect(
        idsOf('# us\n"openapi": 3.0.0\npaths: {/a: {get: {}}}', type),
      ).toEqual(['GET /a']);
      expect(idsOf('{"info": 1, "swagger": "2.0", "paths": {}}', type)).toEqual(
        [],
      );
      expect(idsOf('see the wiki about openapi: it is there', type)).toEqual([
        'port',
      ]);
    },
  );

  it.each(['gRPC', 'protobuf', 'proto3', 'Protocol Buffers'])(
    'reads %s as grpc',
    type => {
      expect(idsOf('service S { rpc Get(M) returns (M); }', type)).toEqual([
        'S/Get',
      ]);
    },
  );

  it.each(['asyncapi', 'graphql', 'postgres', 'soap', 'openapi-ish'])(
    'leaves %s its port, whatever the definition says',
    type => {
      expect(idsOf(SMALL, type)).toEqual(['port']);
    },
  );
});

describe('a large definition', () => {
  const withText = (length: number) =>
    `openapi: 3.0.0\ninfo: { description: "${'x'.repeat(
      length,
    )}" }\npaths: { /a: { get: { operationId: a } } }`;

  it('is read up to 32 MiB', () => {
    expect(idsOf(withText(31 * 1024 * 1024))).toEqual(['a']);
  });

  it('is refused beyond that, with what to do', () => {
    const [found] = read(withText(32 * 1024 * 1024)).findings;
    expect(found.code).toBe('contract-unreadable');
    expect(found.message).toContain('Leave examples and schemas out of it');
  });
});

describe('protobuf with what the parser does not know', () => {
  const SERVICE = 'service S { rpc Get(M) returns (M); }';

  it.each([
    [
      'a group with options',
      'message M { optional group A = 1 [deprecated = true] { } }',
    ],
    ['a group in a oneof', 'message M { oneof x { group A = 1 { } } }'],
    ['messages in an option', 'option (x) = { a < b: 1 > };'],
    [
      'a brace in a text',
      'message M { optional string s = 1 [default = "}"]; oneof x { group A = 1 {} } }',
    ],
    [
      'a brace in a comment',
      'message M { // }\n oneof x { group A = 2 { } } }',
    ],
  ])('has its services: %s', (_, types) => {
    expect(idsOf(`syntax = "proto2"; ${types} ${SERVICE}`, 'grpc')).toEqual([
      'S/Get',
    ]);
    expect(codesOf(`${SERVICE} ${types}`, 'grpc')).toEqual([]);
  });

  it('is unreadable where braces do not balance, or a service is broken', () => {
    expect(codesOf(`message M { ${SERVICE}`, 'grpc')).toEqual([
      'contract-unreadable',
    ]);
    expect(codesOf('message M { } service S { rpc Get }', 'grpc')).toEqual([
      'contract-unreadable',
    ]);
  });
});

describe('a definition that stands elsewhere', () => {
  it.each(['$text', '$openapi', '$json'])(
    'is told from one that is wrong: %s was not put in its place',
    key => {
      const contract = contractOf(
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'API',
          metadata: { name: 'books' },
          spec: {
            type: 'openapi',
            definition: { [key]: 'https://a.example/b' },
          },
        },
        'api:default/books',
      );
      expect(contract.findings.map(({ message }) => message)).toEqual([
        `The definition of api:default/books cannot be read: it stands elsewhere (${key}: https://a.example/b) and was not put in its place`,
      ]);
    },
  );

  it('is not asked for where the port is all that there is', () => {
    const { kind, findings } = contractOf(
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'API',
        metadata: { name: 'db' },
        spec: {
          type: 'postgres',
          definition: { $text: 'https://a.example/b' },
        },
      },
      'api:default/db',
    );
    expect([kind, findings]).toEqual(['port', []]);
  });
});
