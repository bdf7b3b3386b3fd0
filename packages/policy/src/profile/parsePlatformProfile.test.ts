import { parsePlatformProfile } from './parsePlatformProfile';

const parse = (spec: string) =>
  parsePlatformProfile({
    path: 'p.yaml',
    text: `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata:\n  name: prod\nspec:\n${spec}\n`,
  });

describe('parsePlatformProfile', () => {
  it('marks what nobody stated as a guess, and only that', () => {
    const { profile } = parse(
      '  mesh: { mode: sidecar, trustDomain: example.org }\n  dns: []',
    );
    expect(profile?.mesh).toMatchObject({
      mode: 'sidecar',
      trustDomain: 'example.org',
      rootNamespace: 'istio-system',
    });
    expect(profile?.guesses).toEqual([
      'mesh.rootNamespace',
      'mesh.pathNormalization',
      'controlPlane',
    ]);
  });

  it('refuses an unknown field with its place', () => {
    const { profile, findings } = parse('  mesh:\n    trustDomian: x');
    expect(profile).toBeUndefined();
    expect(findings[0]).toMatchObject({
      code: 'profile-invalid',
      at: { file: 'p.yaml', line: 7 },
    });
    expect(findings[0].message).toContain('trustDomian');
  });

  it('refuses a CIDR that is none', () => {
    expect(
      parse('  network: { podCidrs: [10.0.0.0/33] }').findings.map(
        f => f.message,
      ),
    ).toEqual(['spec.network.podCidrs.0: "10.0.0.0/33" is not a CIDR']);
  });

  it('refuses an owner that nobody can be, with its place', () => {
    const { profile, findings } = parse(
      '  owners:\n    - { namespaces: [a], owner: group:default/a }\n    - namespaces: [b]\n      owner: the b people',
    );
    expect(profile).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'profile-invalid',
        message: expect.stringContaining('group:default/orders-team'),
        at: expect.objectContaining({ line: 9, field: 'spec.owners.1.owner' }),
      }),
    ]);
  });

  it('knows which fields are stated, and where', () => {
    const { profile } = parse(
      '  mesh:\n    mode: sidecar\n    trustDomain: example.org\n  dns: []',
    );
    expect(profile?.stated).toEqual([
      { field: 'mesh.mode', at: expect.objectContaining({ line: 7 }) },
      { field: 'mesh.trustDomain', at: expect.objectContaining({ line: 8 }) },
      { field: 'dns', at: expect.objectContaining({ line: 9 }) },
    ]);
  });

  it('refuses aliases that grow without bound', () => {
    const levels = [...'bcdefgh'].map(
      (name, index) =>
        `  ${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`)}]`,
    );
    const { profile, findings } = parse(`  a: &a [x]\n${levels.join('\n')}`);
    expect(profile).toBeUndefined();
    expect(findings.map(({ code }) => code)).toEqual(['profile-invalid']);
  });
});
