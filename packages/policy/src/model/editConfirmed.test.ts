import { confirmGrant, confirmProvider } from './editConfirmed';
import { parseAccessPolicy } from './parseAccessPolicy';

const HEAD = `# Who may call orders
apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team # they decide
  api: api:default/orders
  mode: enforce
`;
const GRANTS = `  grants:
    # the shop's own cart
    - id: cart-places
      caller: component:default/cart
      operations: [{ id: createOrder }] # one only
      approvedBy:
        - user:default/omar # by phone
      ends:
        caller:
          - prod:shop/sa/cart
        provider:
          - prod:shop/sa/orders
      reason: It sells   # with odd spaces
    # somebody else's
    - { id: web-reads, caller: component:default/web, operations: [{ id: listOrders }] }
`;
const TEXT = HEAD + GRANTS;
const ENDS = {
  caller: ['prod:shop/sa/cart', 'prod:shop/sa/web'],
  provider: ['prod:shop/sa/orders'],
};

const grantsOf = (text: string) =>
  parseAccessPolicy({ path: 'p.yaml', text }).policy!.spec.grants;

describe('confirming the ends of a grant in its text', () => {
  it('rewrites the ends, adds who approved, and keeps every other byte', () => {
    expect(
      confirmGrant(TEXT, 'cart-places', {
        ends: ENDS,
        approvedBy: ['user:default/lena', 'user:default/omar'],
      }),
    ).toBe(
      TEXT.replace(
        '          - prod:shop/sa/cart\n',
        '          - prod:shop/sa/cart\n          - prod:shop/sa/web\n',
      ).replace('# by phone\n', '# by phone\n        - user:default/lena\n'),
    );
  });

  it('says who approved where nobody was named before', () => {
    const without = TEXT.replace(
      '      approvedBy:\n        - user:default/omar # by phone\n',
      '',
    );
    expect(
      grantsOf(
        confirmGrant(without, 'cart-places', {
          ends: ENDS,
          approvedBy: ['user:default/lena'],
        }),
      )[0],
    ).toMatchObject({ ends: ENDS, approvedBy: ['user:default/lena'] });
  });

  it('works in lines that end as Windows writes them, and in flow style', () => {
    const windows = TEXT.replace(/\n/g, '\r\n');
    const confirmed = confirmGrant(windows, 'cart-places', {
      ends: ENDS,
      approvedBy: [],
    });
    expect(confirmed.replace(/\r\n/g, '')).not.toContain('\n');
    expect(grantsOf(confirmed)[0].ends).toEqual(ENDS);
    const flow = confirmGrant(TEXT, 'web-reads', {
      ends: ENDS,
      approvedBy: ['user:default/omar'],
    });
    expect(grantsOf(flow)[1].ends).toEqual(ENDS);
    expect(flow).toContain('# by phone');
  });

  it('refuses a grant that is not there', () => {
    expect(() =>
      confirmGrant(TEXT, 'gone', { ends: ENDS, approvedBy: [] }),
    ).toThrow('there is no grant gone');
  });
});

describe('confirming a provider in the text of a declaration', () => {
  const NEW = 'component:default/orders-two';

  it('adds the list before the grants and keeps every other byte', () => {
    expect(confirmProvider(TEXT, NEW)).toBe(
      `${HEAD}  providers:\n    - ${NEW}\n${GRANTS}`,
    );
  });

  it('adds to a list that is there, in block and in flow style', () => {
    const block = `${HEAD}  providers:\n    - component:default/a # the first\n${GRANTS}`;
    expect(confirmProvider(block, NEW)).toBe(
      block.replace('# the first\n', `# the first\n    - ${NEW}\n`),
    );
    const flow = `${HEAD}  providers: [component:default/a]\n${GRANTS}`;
    expect(confirmProvider(flow, NEW)).toBe(
      `${HEAD}  providers:\n    - component:default/a\n    - ${NEW}\n${GRANTS}`,
    );
  });

  it('changes nothing where it is confirmed already, and can edit JSON', () => {
    const once = confirmProvider(TEXT, NEW);
    expect(confirmProvider(once, NEW)).toBe(once);
    const { policy } = parseAccessPolicy({ path: 'p.yaml', text: TEXT });
    const json = confirmProvider(JSON.stringify(policy), NEW);
    expect(
      parseAccessPolicy({ path: 'p.yaml', text: json }).policy?.spec,
    ).toEqual({ ...policy!.spec, providers: [NEW] });
  });

  it('refuses what is no AccessPolicy', () => {
    expect(() => confirmProvider('a: 1', NEW)).toThrow('does not parse');
  });
});
