import {
  discovered,
  documents,
  istiod,
  meshConfigMap,
} from './__testUtils__/discovered';

describe('discoverMeshConfig', () => {
  it('finds what the ConfigMap of the mesh says, with the line of each value', () => {
    const { profile, of, findings } = discovered(
      meshConfigMap(`rootNamespace: istio-config
trustDomain: eu.shop.example
trustDomainAliases: [old.example, cluster.local]
pathNormalization:
  normalization: DECODE_AND_MERGE_SLASHES
defaultConfig:
  proxyMetadata:
    ISTIO_META_ENABLE_HBONE: "true"`),
    );
    expect(findings).toEqual([]);
    const object = 'ConfigMap istio-system/istio';
    expect(of('mesh.rootNamespace')).toEqual([['istio-config', object, 6]]);
    expect(of('mesh.trustDomain')).toEqual([['eu.shop.example', object, 7]]);
    expect(of('mesh.trustDomainAliases')).toEqual([
      [['cluster.local', 'old.example'], object, 8],
    ]);
    expect(of('mesh.pathNormalization')).toEqual([
      ['DECODE_AND_MERGE_SLASHES', object, 10],
    ]);
    expect(of('mesh.sidecarHbone')).toEqual([[true, object, 13]]);
    expect(profile.mesh).toMatchObject({
      rootNamespace: 'istio-config',
      trustDomain: 'eu.shop.example',
      trustDomainAliases: ['cluster.local', 'old.example'],
      pathNormalization: 'DECODE_AND_MERGE_SLASHES',
      sidecarHbone: true,
    });
  });

  it('what is found is no guess any more, and the rest still is one', () => {
    const { profile } = discovered(meshConfigMap('trustDomain: a.example'));
    expect(profile.guesses).toEqual([
      'mesh.rootNamespace',
      'mesh.pathNormalization',
      'dns',
      'controlPlane',
    ]);
  });

  it('finds nothing in an estate without it', () => {
    const { profile, of } = discovered(
      meshConfigMap(
        'trustDomain: a.example',
        'name: other, namespace: istio-system',
      ),
    );
    expect(of('mesh.trustDomain')).toEqual([]);
    expect(profile.guesses).toContain('mesh.trustDomain');
  });

  it('does not believe a ConfigMap of the name in the namespace of a team', () => {
    const { profile } = discovered(
      meshConfigMap(
        'trustDomain: evil.example',
        'name: istio, namespace: shop',
      ),
    );
    expect(profile.mesh.trustDomain).toBe('cluster.local');
    expect(profile.found).toEqual([]);
  });

  it('looks into the namespace of the control plane that the profile states', () => {
    const { profile } = discovered(
      documents(
        meshConfigMap('trustDomain: a.example', 'name: istio, namespace: mesh'),
        meshConfigMap('trustDomain: b.example'),
      ),
      '  mesh: { rootNamespace: mesh }',
    );
    expect(profile.mesh.trustDomain).toBe('a.example');
  });

  it("takes Istio's defaults for what is left out, where istiod reads nothing else", () => {
    const { profile, of } = discovered(
      documents(meshConfigMap('enableTracing: true'), istiod()),
    );
    expect(of('mesh.trustDomain')).toEqual([
      ['cluster.local', 'ConfigMap istio-system/istio', 5],
    ]);
    expect(profile.mesh).toMatchObject({
      rootNamespace: 'istio-system',
      trustDomain: 'cluster.local',
      pathNormalization: 'BASE',
    });
    expect(profile.guesses).toEqual(['dns']);
  });

  it.each([
    ['istiod is not in the estate', []],
    [
      'istiod reads a shared ConfigMap below it',
      [istiod({ env: '[{ name: SHARED_MESH_CONFIG, value: shared }]' })],
    ],
    [
      'istiod has variables that the estate does not show',
      [istiod({ more: ', envFrom: [{ configMapRef: { name: x } }]' })],
    ],
  ])('what is left out stays a guess where %s', (_, more) => {
    const { profile } = discovered(
      documents(meshConfigMap('enableTracing: true'), ...more),
    );
    expect(profile.guesses).toEqual(
      expect.arrayContaining(['mesh.trustDomain', 'mesh.pathNormalization']),
    );
  });

  it.each([
    ['DEFAULT', 'BASE'],
    ['NONE', 'NONE'],
    ['MERGE_SLASHES', 'MERGE_SLASHES'],
  ])('reads the normalization %s as %s', (written, meant) => {
    const { profile } = discovered(
      meshConfigMap(`pathNormalization: { normalization: ${written} }`),
    );
    expect(profile.mesh.pathNormalization).toBe(meant);
  });

  it('reads the other spelling of fields, as Istio does', () => {
    const { profile } = discovered(meshConfigMap('trust_domain: a.example'));
    expect(profile.mesh.trustDomain).toBe('a.example');
  });

  it('reads the ConfigMap of a revision', () => {
    const { profile } = discovered(
      meshConfigMap(
        'trustDomain: a.example',
        'name: istio-v2, namespace: istio-system, labels: { istio.io/rev: v2 }',
      ),
    );
    expect(profile.mesh.trustDomain).toBe('a.example');
  });

  describe('of several revisions', () => {
    const usual = meshConfigMap('trustDomain: a.example');
    const canary = (mesh: string) =>
      meshConfigMap(mesh, 'name: istio-canary, namespace: istio-system');
    const ofCanary = istiod({
      name: 'istiod-canary',
      labels: ', istio.io/rev: canary',
    });

    it('believes what all say that run', () => {
      const { profile, findings } = discovered(
        documents(istiod(), ofCanary, usual, canary('trustDomain: a.example')),
      );
      expect(findings).toEqual([]);
      expect(profile.mesh.trustDomain).toBe('a.example');
      expect(profile.guesses).not.toContain('mesh.trustDomain');
    });

    it('decides nothing where they disagree', () => {
      const { profile, findings } = discovered(
        documents(istiod(), ofCanary, usual, canary('trustDomain: b.example')),
      );
      expect(findings.map(({ code }) => code)).toEqual(['profile-ambiguous']);
      expect(profile.guesses).toContain('mesh.trustDomain');
    });

    it('leaves out what no istiod reads, such as that of one that is gone', () => {
      const { profile, findings } = discovered(
        documents(ofCanary, usual, canary('trustDomain: b.example')),
      );
      expect(findings).toEqual([]);
      expect(profile.mesh.trustDomain).toBe('b.example');
    });

    it('is told the revision by its variable before any label', () => {
      const env = '[{ name: REVISION, value: canary }]';
      const { profile } = discovered(
        documents(
          istiod({ env, labels: ', istio.io/rev: other' }),
          usual,
          canary('trustDomain: b.example'),
        ),
      );
      expect(profile.mesh.trustDomain).toBe('b.example');
    });

    it('reads all that are called so where an istiod does not say which it is', () => {
      const env = '[{ name: REVISION, valueFrom: {} }]';
      const { findings } = discovered(
        documents(
          istiod({ env }),
          usual,
          meshConfigMap(
            'trustDomain: b.example',
            'name: istio-canary, namespace: istio-system, labels: { istio.io/rev: canary }',
          ),
        ),
      );
      expect(findings.map(({ code }) => code)).toEqual(['profile-ambiguous']);
    });

    it('what one says is a guess while that of another is not there', () => {
      const { profile, findings } = discovered(
        documents(istiod(), ofCanary, usual),
      );
      expect(findings).toMatchObject([
        {
          code: 'platform-not-readable',
          objects: ['Deployment istio-system/istiod-canary'],
          message: expect.stringContaining(
            'reads ConfigMap istio-system/istio-canary, which is not in the estate',
          ),
        },
      ]);
      expect(profile.mesh.trustDomain).toBe('a.example');
      expect(profile.guesses).toContain('mesh.trustDomain');
    });
  });

  it('text that is no YAML is a finding with its line, and the values stay guesses', () => {
    const { profile, findings } = discovered(
      meshConfigMap('trustDomain: a.example\nrootNamespace: [x'),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        severity: 'warning',
        at: expect.objectContaining({ file: 'estate.yaml', line: 7 }),
        objects: ['ConfigMap istio-system/istio'],
      }),
    ]);
    expect(profile.found).toEqual([]);
    expect(profile.guesses).toContain('mesh.trustDomain');
  });

  it.each([
    ['trustDomain: 5', 'trustDomain', 6],
    ['\ntrustDomain: ""', 'trustDomain', 7],
    ['trustDomainAliases: old.example', 'trustDomainAliases', 6],
    ['trustDomainAliases: [1]', 'trustDomainAliases', 6],
    ['pathNormalization: BASE', 'pathNormalization', 6],
    [
      'pathNormalization:\n  normalization: base',
      'pathNormalization.normalization',
      7,
    ],
    [
      'defaultConfig:\n  proxyMetadata:\n    ISTIO_META_ENABLE_HBONE: true',
      'ISTIO_META_ENABLE_HBONE',
      8,
    ],
  ])('%j is a finding, and no value', (mesh, field, line) => {
    const { profile, findings } = discovered(
      documents(meshConfigMap(mesh), istiod()),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        message: expect.stringContaining(field),
        at: expect.objectContaining({ line }),
      }),
    ]);
    const values: Record<string, string> = {
      'pathNormalization.normalization': 'pathNormalization',
      ISTIO_META_ENABLE_HBONE: 'sidecarHbone',
    };
    expect(profile.found.map(each => each.field)).not.toContain(
      `mesh.${values[field] ?? field}`,
    );
  });

  it.each([
    ['a list', '- a'],
    ['a text', 'hello'],
    ['nested without end', '['.repeat(20_000)],
    [
      'aliases that grow without bound',
      [
        'a: &a [x]',
        ...[...'bcdefgh'].map(
          (name, at) =>
            `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`)}]`,
        ),
      ].join('\n'),
    ],
  ])('a text that is %s is a finding', (_, mesh) => {
    const { findings } = discovered(meshConfigMap(mesh));
    expect(findings.map(({ code }) => code)).toEqual(['platform-not-readable']);
  });

  it('data that is no text is a finding', () => {
    const { findings } = discovered(`apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: { trustDomain: a.example } }
`);
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        at: expect.objectContaining({ line: 4, field: 'data.mesh' }),
      }),
    ]);
  });
});
