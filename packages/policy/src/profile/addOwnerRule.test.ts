import {
  addOwnerRule,
  newPlatformProfile,
  StatedOwnerRule,
} from './addOwnerRule';

const RULE: StatedOwnerRule = {
  namespaces: ['monitoring'],
  selector: { app: 'prometheus' },
  owner: 'group:default/platform',
};
const LINE =
  "{ namespaces: [monitoring], selector: { app: prometheus }, owner: 'group:default/platform' }";
const HEAD =
  'apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod } # the cluster\n';

const add = (text: string, at = 0, rule = RULE) =>
  addOwnerRule({ path: 'profiles/prod.yaml', text }, at, rule);

describe('addOwnerRule', () => {
  it.each<[string, string, number, string]>([
    [
      'behind all, before comments and fields that follow',
      `${HEAD}spec:\n  owners:\n    # the shop\n    - { namespaces: [shop],   owner: group:default/shop } # ours\n    # nothing more\n  addresses: []\n`,
      1,
      `${HEAD}spec:\n  owners:\n    # the shop\n    - { namespaces: [shop],   owner: group:default/shop } # ours\n    - ${LINE}\n    # nothing more\n  addresses: []\n`,
    ],
    [
      'before an entry with the comment above it',
      `${HEAD}spec:\n  owners:\n  - namespaces: [a]\n    owner: group:default/a\n  # all others\n  - namespaces: {}\n    owner: group:default/b\n`,
      1,
      `${HEAD}spec:\n  owners:\n  - namespaces: [a]\n    owner: group:default/a\n  - ${LINE}\n  # all others\n  - namespaces: {}\n    owner: group:default/b\n`,
    ],
    [
      'into an empty list',
      `${HEAD}spec:\n  owners: [] # nobody yet\n  dns: []\n`,
      0,
      `${HEAD}spec:\n  owners: [${LINE}] # nobody yet\n  dns: []\n`,
    ],
    [
      'into a list on one line',
      `${HEAD}spec:\n  owners: [{ namespaces: [a], owner: group:default/a }]\n`,
      1,
      `${HEAD}spec:\n  owners: [{ namespaces: [a], owner: group:default/a }, ${LINE}]\n`,
    ],
    [
      'first in a list on one line',
      `${HEAD}spec:\n  owners: [{ namespaces: [a], owner: group:default/a }]\n`,
      0,
      `${HEAD}spec:\n  owners: [${LINE}, { namespaces: [a], owner: group:default/a }]\n`,
    ],
    [
      'before the end of the document',
      `---\n${HEAD}spec:\n  owners:\n    - { namespaces: [a], owner: group:default/a }\n...\n`,
      1,
      `---\n${HEAD}spec:\n  owners:\n    - { namespaces: [a], owner: group:default/a }\n    - ${LINE}\n...\n`,
    ],
    [
      'where there is no list',
      `${HEAD}spec:\n  mesh: { mode: none }\n  # end of the mesh`,
      0,
      `${HEAD}spec:\n  mesh: { mode: none }\n  owners:\n    - ${LINE}\n  # end of the mesh`,
    ],
    [
      'where spec is empty',
      `${HEAD}spec: {}\n`,
      0,
      `${HEAD}spec: { owners: [${LINE}] }\n`,
    ],
    [
      'where there is no spec, and no last line end',
      HEAD.trimEnd(),
      0,
      `${HEAD}spec:\n  owners:\n    - ${LINE}\n`,
    ],
  ])('adds one entry %s, and keeps all other bytes', (_, text, at, wanted) => {
    expect(add(text, at).text).toBe(wanted);
  });

  it('keeps the line ends of the file', () => {
    const text =
      `${HEAD}spec:\n  owners:\n    - { namespaces: [a], owner: group:default/a }\n`.replace(
        /\n/g,
        '\r\n',
      );
    expect(add(text, 1).text).toBe(`${text}    - ${LINE}\r\n`);
  });

  it('adds to a profile that is JSON', () => {
    const text =
      '{"apiVersion":"callgate.dev/v1alpha1","kind":"PlatformProfile","metadata":{"name":"prod"},"spec":{"owners":[]}}';
    expect(JSON.parse(add(text).text).spec.owners).toEqual([RULE]);
  });

  it('writes labels that YAML would read as something else, so that they are what they are', () => {
    const selector = { on: 'true', 'a/b': '1', version: "it's: #2" };
    const { profile } = add(`${HEAD}spec: {}\n`, 0, { ...RULE, selector });
    expect(profile.owners).toEqual([{ ...RULE, selector }]);
  });

  it('begins a profile that nobody has written yet', () => {
    const { profile } = add(newPlatformProfile('prod-eu'));
    expect(profile).toMatchObject({ name: 'prod-eu', owners: [RULE] });
  });

  it.each([
    [
      'does not parse',
      `${HEAD}spec:\n  ownerz: []\n`,
      /profiles\/prod\.yaml cannot be read: .*ownerz.* Mend it first\./,
    ],
    [
      'has two documents',
      `${HEAD}spec:\n  owners: []\n---\n${HEAD}`,
      /second document.* Mend it first\./,
    ],
    [
      'has its list by a merge key',
      `${HEAD}spec:\n  <<: { owners: [{ namespaces: [a], owner: group:default/a }] }\n`,
      /Add it by hand/,
    ],
    [
      'names entries that it would part',
      `${HEAD}spec:\n  owners: [&a { namespaces: [a], owner: group:default/a }, *a]\n`,
      /Add it by hand/,
    ],
    [
      'has its list elsewhere',
      `${HEAD}spec:\n  workloadKinds: &none []\n  owners: *none\n`,
      /Add it by hand/,
    ],
  ])('says what to do where the profile %s', (_, text, sentence) => {
    expect(() => add(text)).toThrow(sentence);
  });
});
