import { ztunnelLets, ZtunnelConnection, ZtunnelPolicy } from './ztunnel';

/**
 * What ztunnel's own tests say of its matching (ztunnel `src/rbac.rs`, module
 * `tests`): the same questions and answers.
 */
type Match = NonNullable<
  NonNullable<
    NonNullable<ZtunnelPolicy['groups']>[number]['rules']
  >[number]['matches']
>[number];

const policy = (groups: readonly (readonly (readonly Match[])[])[]) => ({
  name: 'p',
  namespace: 'namespace',
  groups: groups.map(rules => ({
    rules: rules.map(matches => ({ matches: [...matches] })),
  })),
});

/** One match, alone in its policy, which allows. */
const lets = (match: Match, connection: ZtunnelConnection) =>
  ztunnelLets([policy([[[match]]])], connection);

const plaintext = { source: '127.0.0.1', destinationPort: 8080 };
const known = {
  ...plaintext,
  identity: {
    trustDomain: 'td',
    namespace: 'namespace',
    serviceAccount: 'account',
  },
};
const other = {
  source: '127.0.0.3',
  destinationPort: 9090,
  identity: {
    trustDomain: 'td-alt',
    namespace: 'ns-alt',
    serviceAccount: 'sa=alt',
  },
};
const block = (...bytes: number[]) => ({
  address: Buffer.from(bytes).toString('base64'),
  length: 32,
});
const account = { namespace: 'namespace', serviceAccount: 'account' };

describe('What ztunnel does with a policy', () => {
  it('an empty match is no match, an empty rule is one, no rule is none', () => {
    expect(lets({}, plaintext)).toBe(false);
    expect(ztunnelLets([policy([[[]]])], plaintext)).toBe(true);
    expect(ztunnelLets([policy([[]])], plaintext)).toBe(true);
    expect(ztunnelLets([policy([])], plaintext)).toBe(false);
  });

  it.each<[keyof Match, Match, boolean, boolean, boolean]>([
    [
      'namespaces',
      { namespaces: [{ exact: 'namespace' }] },
      false,
      true,
      false,
    ],
    [
      'notNamespaces',
      { notNamespaces: [{ exact: 'namespace' }] },
      true,
      false,
      true,
    ],
    ['serviceAccounts', { serviceAccounts: [account] }, false, true, false],
    [
      'notServiceAccounts',
      { notServiceAccounts: [account] },
      true,
      false,
      true,
    ],
    [
      'principals',
      { principals: [{ exact: 'td/ns/namespace/sa/account' }] },
      false,
      true,
      false,
    ],
    [
      'notPrincipals',
      { notPrincipals: [{ exact: 'td/ns/namespace/sa/account' }] },
      true,
      false,
      true,
    ],
    ['sourceIps', { sourceIps: [block(127, 0, 0, 1)] }, true, true, false],
    [
      'notSourceIps',
      { notSourceIps: [block(127, 0, 0, 1)] },
      false,
      false,
      true,
    ],
    ['destinationPorts', { destinationPorts: [8080] }, true, true, false],
    [
      'notDestinationPorts',
      { notDestinationPorts: [8080] },
      false,
      false,
      true,
    ],
  ])('%s', (_, match, inPlaintext, byIdentity, byAnother) => {
    expect(lets(match, plaintext)).toBe(inPlaintext);
    expect(lets(match, known)).toBe(byIdentity);
    expect(lets(match, other)).toBe(byAnother);
  });

  const from = (namespace: string, destinationPort = 80) => ({
    ...known,
    destinationPort,
    identity: { ...known.identity, namespace },
  });

  it('any match of a rule, every rule of a group', () => {
    const nested = policy([
      [
        [{ namespaces: [{ exact: 'a' }] }, { namespaces: [{ exact: 'b' }] }],
        [{ destinationPorts: [80] }],
      ],
    ]);
    expect(ztunnelLets([nested], from('a'))).toBe(true);
    expect(ztunnelLets([nested], from('b'))).toBe(true);
    expect(ztunnelLets([nested], from('bad'))).toBe(false);
    expect(ztunnelLets([nested], from('b', 12345))).toBe(false);
  });

  it('any group', () => {
    const several = policy([
      [[{ namespaces: [{ exact: 'a' }] }]],
      [[{ namespaces: [{ exact: 'b' }] }]],
    ]);
    expect(ztunnelLets([several], from('a'))).toBe(true);
    expect(ztunnelLets([several], from('b'))).toBe(true);
    expect(ztunnelLets([several], from('bad'))).toBe(false);
  });

  it.each([
    [{ exact: 'foo' }, 'foo', true],
    [{ exact: 'foo' }, 'not', false],
    [{ prefix: 'foo' }, 'foobar', true],
    [{ prefix: 'foo' }, 'notfoo', false],
    [{ suffix: 'foo' }, 'barfoo', true],
    [{ suffix: 'foo' }, 'foonot', false],
    [{ presence: {} }, 'foo', true],
  ])('%j and the namespace %s', (match, namespace, expected) => {
    expect(lets({ namespaces: [match] }, from(namespace))).toBe(expected);
    expect(lets({ namespaces: [match] }, plaintext)).toBe(false);
  });

  it('a DENY that matches goes before any ALLOW', () => {
    const all = policy([[[{ destinationPorts: [80] }]]]);
    const deny = { ...all, action: 'DENY' as const };
    expect(ztunnelLets([all], from('a'))).toBe(true);
    expect(ztunnelLets([all, deny], from('a'))).toBe(false);
    expect(ztunnelLets([deny], from('a', 81))).toBe(true);
  });

  it('a field that it is not known to have is no reason to guess', () => {
    const unknown = { connections: ['x'] } as unknown as Match;
    expect(() => lets(unknown, known)).toThrow(
      'ztunnel: the field connections is not known',
    );
  });
});
