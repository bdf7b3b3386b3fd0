import {
  addGrant,
  newAccessPolicy,
  pinGrant,
  removeGrant,
  replaceGrant,
} from './editAccessPolicy';
import { parseAccessPolicy } from './parseAccessPolicy';
import { Grant } from './types';

const TEXT = `# Who may call orders
apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/orders-team   # checked
  api: api:default/orders
  mode: enforce
  grants:
  # for the confirmation page
  - id: one
    caller: component:default/checkout
    operations: [ {id: listOrders} ]   # odd spacing
    reason: |
      two
      lines

  - id: two
    caller: component:default/web
    operations:
    - http:
        methods: [GET]
        paths: ["/orders/{id}"]
# the end
`;

const GRANT: Grant = {
  id: 'three',
  ends: {
    caller: ['prod:shop/sa/reports?app=reports'],
    provider: ['prod:shop/sa/orders'],
  },
  caller: 'component:default/reports',
  operations: [{ http: { methods: ['GET'], paths: ['/orders'] } }],
  reason: 'yes: "monthly" report # not a comment',
  requestedBy: 'user:default/priya',
};

const ids = (text: string) =>
  parseAccessPolicy({ path: 'p', text }).policy?.spec.grants.map(
    ({ id }) => id,
  );

/** Lines of `before` that are missing in `after`, each as often as it is. */
function lostLines(before: string, after: string): string[] {
  const rest = after.split('\n');
  return before.split('\n').filter(line => {
    const at = rest.indexOf(line);
    if (at === -1) return true;
    rest.splice(at, 1);
    return false;
  });
}

describe('addGrant', () => {
  it('adds lines and leaves every other byte as it was', () => {
    const result = addGrant(TEXT, GRANT);
    expect(ids(result)).toEqual(['one', 'two', 'three']);
    expect(result.startsWith(TEXT.slice(0, TEXT.indexOf('# the end')))).toBe(
      true,
    );
    expect(result.endsWith('# the end\n')).toBe(true);
    expect(result).toContain(
      '\n  - id: three\n    caller: component:default/reports\n',
    );
  });

  it('keeps difficult text as it was written', () => {
    const { policy } = parseAccessPolicy({
      path: 'p',
      text: addGrant(TEXT, GRANT),
    });
    expect(policy?.spec.grants[2]).toMatchObject(GRANT);
  });

  it.each([
    [
      'an empty list',
      TEXT.slice(0, TEXT.indexOf('  grants:')).concat('  grants: []\n'),
    ],
    [
      'an empty list with a comment',
      TEXT.slice(0, TEXT.indexOf('  grants:')).concat('  grants: [] # none\n'),
    ],
    [
      'a list in flow style',
      TEXT.slice(0, TEXT.indexOf('  grants:')).concat(
        '  grants: [{ id: one, caller: self, operations: [{ id: x }] }]\n',
      ),
    ],
    ['a text without a last line end', TEXT.slice(0, -1)],
    [
      'a text that ends with the last value',
      TEXT.slice(0, TEXT.indexOf('\n# the end')),
    ],
    [
      'a policy in JSON',
      JSON.stringify(parseAccessPolicy({ path: 'p', text: TEXT }).policy),
    ],
  ])('works on %s', (_, text) => {
    expect(ids(addGrant(text, GRANT))).toEqual([...(ids(text) ?? []), 'three']);
  });

  it('keeps the line ends of the file', () => {
    const result = addGrant(TEXT.replace(/\n/g, '\r\n'), GRANT);
    expect(result.replace(/\r\n/g, '')).not.toContain('\n');
    expect(ids(result)).toEqual(['one', 'two', 'three']);
  });

  it('throws for an id that is taken and for a text that does not parse', () => {
    expect(() => addGrant(TEXT, { ...GRANT, id: 'one' })).toThrow('one');
    expect(() => addGrant('kind: [', GRANT)).toThrow('does not parse');
  });
});

describe('removeGrant', () => {
  it('removes the lines of the grant and no others', () => {
    const result = removeGrant(TEXT, 'one');
    expect(ids(result)).toEqual(['two']);
    expect(lostLines(TEXT, result)).toEqual([
      '  - id: one',
      '    caller: component:default/checkout',
      '    operations: [ {id: listOrders} ]   # odd spacing',
      '    reason: |',
      '      two',
      '      lines',
    ]);
  });

  it('leaves an empty list after the last one', () => {
    const result = removeGrant(removeGrant(TEXT, 'one'), 'two');
    expect(ids(result)).toEqual([]);
    expect(result).toContain('  grants: []\n');
  });

  it('undoes addGrant to the byte', () => {
    expect(removeGrant(addGrant(TEXT, GRANT), 'three')).toBe(TEXT);
  });

  it('throws when there is no such grant', () => {
    expect(() => removeGrant(TEXT, 'nine')).toThrow('nine');
  });
});

describe('replaceGrant', () => {
  it('changes the grant where it stands', () => {
    const result = replaceGrant(TEXT, 'one', { ...GRANT, id: 'one' });
    expect(ids(result)).toEqual(['one', 'two']);
    expect(result.slice(result.indexOf('  - id: two'))).toBe(
      TEXT.slice(TEXT.indexOf('  - id: two')),
    );
  });

  it('refuses the id of another grant', () => {
    expect(() => replaceGrant(TEXT, 'one', { ...GRANT, id: 'two' })).toThrow(
      'two',
    );
  });
});

describe('newAccessPolicy', () => {
  it('gives a policy that parses and takes a grant', () => {
    const text = newAccessPolicy({
      name: 'orders',
      owner: 'group:default/orders-team',
      api: 'api:default/orders',
    });
    const { policy } = parseAccessPolicy({
      path: 'p',
      text: addGrant(text, GRANT),
    });
    expect(policy?.spec).toMatchObject({ mode: 'enforce', grants: [GRANT] });
  });

  it('pins the ends of a grant and leaves every other byte alone', () => {
    const ends = {
      caller: ['prod:shop/sa/web'],
      provider: ['prod:shop/sa/orders'],
    };
    for (const id of ['one', 'two']) {
      const pinned = pinGrant(TEXT, id, ends);
      const { policy } = parseAccessPolicy({ path: 'p', text: pinned });
      const grant = policy?.spec.grants.find(each => each.id === id);
      expect(grant?.ends).toEqual(ends);
      const added = pinned.split('\n').filter(line => !TEXT.includes(line));
      const kept = pinned.split('\n').filter(line => !added.includes(line));
      expect(kept).toEqual(TEXT.split('\n'));
    }
    expect(() => pinGrant(TEXT, 'three', ends)).toThrow('no grant');
  });
});
