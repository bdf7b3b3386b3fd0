import { parseAccessPolicy } from './parseAccessPolicy';

const HEAD = `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata:
  name: orders
spec:
  owner: group:default/orders-team
  api: api:default/orders
  mode: enforce
`;

const read = (grants: string) =>
  parseAccessPolicy({
    path: 'policies/orders.yaml',
    text: `${HEAD}  grants:\n${grants}`,
  });

const grantWith = (line: string, operation = 'id: listOrders') => `    - id: one
      caller: component:default/checkout
      operations:
        - ${operation}
      ${line}
`;

describe('parseAccessPolicy', () => {
  it('gives references in full, methods in upper case and the default namespace', () => {
    const { policy, findings } = read(`    - id: one
      caller: component:Checkout
      operations:
        - http: { methods: [get], paths: [/orders] }
`);
    expect(findings).toEqual([]);
    expect(policy?.metadata.namespace).toBe('default');
    expect(policy?.spec.grants[0]).toMatchObject({
      caller: 'component:default/checkout',
      operations: [{ http: { methods: ['GET'], paths: ['/orders'] } }],
    });
  });

  it('names file, line, column and field of an unknown field', () => {
    const { policy, findings } = read(grantWith('operatoins: []'));
    expect(policy).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'unknown-field',
        at: {
          file: 'policies/orders.yaml',
          line: 14,
          column: 7,
          field: 'spec.grants[0].operatoins',
        },
      }),
    ]);
  });

  it('keeps the ends that were approved, in one order', () => {
    const { policy, findings } = read(
      grantWith(`ends:
        caller: ['prod:web/sa/web', 'prod:shop/sa/checkout']
        provider: ['prod:shop/sa/orders']`),
    );
    expect(findings).toEqual([]);
    expect(policy?.spec.grants[0].ends).toEqual({
      caller: ['prod:shop/sa/checkout', 'prod:web/sa/web'],
      provider: ['prod:shop/sa/orders'],
    });
  });

  it('refuses an end that names no workload, and says how one is written', () => {
    const { policy, findings } = read(
      grantWith('ends: { caller: [everybody], provider: [] }'),
    );
    expect(policy).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'policy-invalid',
        message: expect.stringContaining('is not an end'),
        at: expect.objectContaining({ field: 'spec.grants[0].ends.caller[0]' }),
      }),
    ]);
  });

  it('lets members follow for sets alone', () => {
    const { findings } = read(grantWith('members: follow'));
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'policy-invalid',
        at: expect.objectContaining({ field: 'spec.grants[0].members' }),
      }),
    ]);
  });

  it.each(['expires: 2027-01-01', 'when: { jwt: {} }'])(
    'says that %s is not supported yet instead of ignoring it',
    line => {
      const { policy, findings } = read(grantWith(line));
      expect(policy).toBeUndefined();
      expect(findings.map(({ code }) => code)).toEqual([
        'field-not-supported-yet',
      ]);
    },
  );

  it('refuses two grants with one id and points at the second', () => {
    const { findings } = read(grantWith('reason: a') + grantWith('reason: b'));
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'duplicate-grant',
        at: expect.objectContaining({ line: 15, field: 'spec.grants[1].id' }),
      }),
    ]);
  });

  it.each([
    '/orders/[0-9]+',
    '/orders/.*',
    '/orders/.+',
    '/orders/\\d+',
    '/orders/(a|b)',
    '/orders*',
    '^/orders$',
    '/orders/{id}.pdf',
    '/orders/{a}-{b}',
    '/a/../b',
    '/a//b',
    '/{rest+}/orders',
    'orders',
    '/käse',
    '/a?b=c',
  ])('refuses the path %s, which cannot be enforced exactly', path => {
    const { policy, findings } = read(
      grantWith('reason: x', `http: { methods: [GET], paths: ['${path}'] }`),
    );
    expect(policy).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(['path-not-expressible']);
    expect(findings[0].at?.field).toBe(
      'spec.grants[0].operations[0].http.paths[0]',
    );
  });

  it.each([
    '/',
    '/orders',
    '/orders/',
    '/orders/{order-id}',
    '/files/{path+}',
    '/a/%20/b',
    '/$metadata',
  ])('accepts the path %s', path => {
    const { findings } = read(
      grantWith('reason: x', `http: { methods: [GET], paths: ['${path}'] }`),
    );
    expect(findings).toEqual([]);
  });

  it('refuses a reason of 100 kB', () => {
    const { policy, findings } = read(
      grantWith(`reason: ${'x'.repeat(100_000)}`),
    );
    expect(policy).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(['text-too-long']);
  });

  it.each(['"a\\u0000b"', '"a\\u202Eb"'])(
    'refuses characters in a reason that a reader would not see: %s',
    reason => {
      const { findings } = read(grantWith(`reason: ${reason}`));
      expect(findings.map(({ code }) => code)).toEqual(['text-not-printable']);
    },
  );

  it('keeps markup in a reason as the text it is', () => {
    const { policy } = read(
      grantWith(
        `reason: '<img src=x onerror=alert(1)> **bold** [a](javascript:b)'`,
      ),
    );
    expect(policy?.spec.grants[0].reason).toBe(
      '<img src=x onerror=alert(1)> **bold** [a](javascript:b)',
    );
  });

  it.each([
    'user:default/priya',
    'checkout',
    '"component:"',
    'component:default/a/b',
    'cidr:300.1.1.1/8',
    'self/x',
    '"component:default/check\\u0000out"',
  ])('refuses %s as caller', caller => {
    const { findings } = read(
      `    - id: one\n      caller: ${caller}\n      operations: [{ id: listOrders }]\n`,
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'policy-invalid',
        at: expect.objectContaining({
          line: 11,
          field: 'spec.grants[0].caller',
        }),
      }),
    ]);
  });

  it.each(['"a\\u0000"', '"a b"', '../../x', '""'])(
    'refuses %s as grant id',
    id => {
      const { findings } = read(
        `    - id: ${id}\n      caller: self\n      operations: [{ id: listOrders }]\n`,
      );
      expect(findings[0]).toMatchObject({
        code: 'policy-invalid',
        at: { field: 'spec.grants[0].id' },
      });
    },
  );

  it.each([
    'requestedBy: "<b>priya</b>"',
    'approvedBy: ["component:default/x"]',
  ])('refuses %s, which names no person', line => {
    expect(read(grantWith(line)).findings.map(({ code }) => code)).toEqual([
      'policy-invalid',
    ]);
  });

  it('refuses an operation that says two things', () => {
    const { findings } = read(
      grantWith('reason: x', '{ id: a, tcp: { port: 1 } }'),
    );
    expect(findings[0].message).toContain('exactly one of');
  });

  it.each(['tcp', 'udp', 'sctp'])(
    'takes a port of %s, and nothing else there',
    kind => {
      const codes = (operation: string) =>
        read(grantWith('reason: x', operation)).findings.map(
          ({ code }) => code,
        );
      expect(codes(`{ ${kind}: { port: 38412 } }`)).toEqual([]);
      expect(codes(`{ ${kind}: { port: 1, to: 2 } }`)).toEqual([
        'unknown-field',
      ]);
      for (const wrong of ['{ port: 0 }', '{ port: 65536 }', '38412'])
        expect(codes(`{ ${kind}: ${wrong} }`)).toEqual(['policy-invalid']);
    },
  );

  it('refuses an empty list of methods, paths or operations', () => {
    expect(
      read(grantWith('reason: x', 'http: { methods: [], paths: [/a] }')).policy,
    ).toBeUndefined();
    expect(
      read(grantWith('reason: x', 'http: { methods: [GET], paths: [] }'))
        .policy,
    ).toBeUndefined();
    expect(
      read('    - { id: a, caller: self, operations: [] }\n').policy,
    ).toBeUndefined();
  });

  it('says where YAML is broken', () => {
    const { findings } = parseAccessPolicy({
      path: 'p.yaml',
      text: `${HEAD}  grants: [`,
    });
    expect(findings[0]).toMatchObject({
      code: 'policy-syntax',
      at: { file: 'p.yaml', line: 9 },
    });
  });

  it.each(['', 'null', '[]', '"text"', '{}'])(
    'refuses %j as a whole document',
    text => {
      const { policy, findings } = parseAccessPolicy({ path: 'p.yaml', text });
      expect(policy).toBeUndefined();
      expect(findings.length).toBeGreaterThan(0);
      expect(findings[0].at?.file).toBe('p.yaml');
    },
  );

  it('refuses a second document in the file', () => {
    const { policy, findings } = parseAccessPolicy({
      path: 'p.yaml',
      text: `${HEAD}  grants: []\n---\n${HEAD}  grants: []\n`,
    });
    expect(policy).toBeUndefined();
    expect(findings[0].code).toBe('policy-syntax');
  });

  it('refuses anchors, which would make one edit change two grants', () => {
    const { findings } = read(
      `    - &a { id: one, caller: self, operations: [{ id: x }] }\n    - *a\n`,
    );
    expect(findings[0].code).toBe('policy-syntax');
  });
});
