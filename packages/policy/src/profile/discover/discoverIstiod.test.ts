import {
  daemonSet,
  discovered,
  documents,
  istiod,
} from './__testUtils__/discovered';

const ISTIOD = 'Deployment istio-system/istiod';

describe('discoverIstiod', () => {
  it('finds the version and how callers reach it', () => {
    const { of, profile } = discovered(
      istiod({ selector: '{ app: istiod, istio.io/rev: v2 }' }),
    );
    expect(of('mesh.istioVersion')).toEqual([['1.30.1', ISTIOD, 10]]);
    expect(profile.controlPlane).toEqual([
      {
        namespace: 'istio-system',
        podLabels: { app: 'istiod', 'istio.io/rev': 'v2' },
        ports: [{ port: 15012, protocol: 'TCP' }],
      },
    ]);
    expect(profile.guesses).not.toContain('controlPlane');
  });

  it('finds every revision as a part of the control plane', () => {
    const { profile } = discovered(
      documents(
        istiod({ name: 'istiod-v2', selector: '{ istio.io/rev: v2 }' }),
        istiod({ name: 'istiod-v1', selector: '{ istio.io/rev: v1 }' }),
      ),
    );
    expect(profile.controlPlane.map(({ podLabels }) => podLabels)).toEqual([
      { 'istio.io/rev': 'v1' },
      { 'istio.io/rev': 'v2' },
    ]);
  });

  it('takes the port of an argument', () => {
    const { profile } = discovered(
      istiod({ more: ', args: [discovery, "--secureGRPCAddr=:15112"]' }),
    );
    expect(profile.controlPlane[0].ports).toEqual([
      { port: 15112, protocol: 'TCP' },
    ]);
  });

  it('does not believe an argument that names no port', () => {
    const { profile } = discovered(
      istiod({ more: ', args: ["--secureGRPCAddr=:99999"]' }),
    );
    expect(profile.guesses).toContain('controlPlane');
  });

  it.each([
    ['istio/pilot:1.29.0-distroless', '1.29.0'],
    ['registry.example:5000/istio/pilot:v1.28', '1.28'],
    [`istio/pilot:1.30.2@sha256:${'0'.repeat(64)}`, '1.30.2'],
    ['istio/pilot:1.30-alpha.abc', undefined],
    ['istio/pilot:1.30.0-rc.0', undefined],
    ['istio/pilot:latest', undefined],
    [`istio/pilot@sha256:${'0'.repeat(64)}`, undefined],
    ['registry.example:5000/istio/pilot', undefined],
    ['', undefined],
  ])('reads the image %j as version %s', (image, version) => {
    expect(discovered(istiod({ image })).profile.mesh.istioVersion).toBe(
      version,
    );
  });

  it.each([
    ['AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', 'ambientDryRun'],
    ['PILOT_AUTO_ALLOW_WAYPOINT_POLICY', 'autoAllowWaypoint'],
    [
      'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES',
      'layeredWaypointPolicies',
    ],
  ] as const)('finds the variable %s', (name, field) => {
    const { of, profile } = discovered(
      istiod({ env: `[{ name: ${name}, value: "1" }]` }),
    );
    expect(profile.mesh[field]).toBe(true);
    expect(of(`mesh.${field}`)).toEqual([[true, ISTIOD, 10]]);
    const without = discovered(istiod());
    expect(without.profile.mesh[field]).toBe(false);
    expect(without.of(`mesh.${field}`)).toEqual([]);
  });

  it.each([
    'value: "yes"',
    'value: true',
    'valueFrom: { configMapKeyRef: {} }',
  ])('a flag with %s is a finding, and stays off', value => {
    const { findings, profile } = discovered(
      istiod({
        env: `[{ name: AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY, ${value} }]`,
      }),
    );
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'platform-not-readable',
        at: expect.objectContaining({ file: 'estate.yaml', line: 10 }),
      }),
    ]);
    expect(profile.mesh.ambientDryRun).toBe(false);
  });

  it('does not believe a Deployment in the namespace of a team', () => {
    expect(discovered(istiod({ namespace: 'shop' })).profile.found).toEqual([]);
  });

  it.each([
    'spec: { template: { metadata: { labels: { app: istiod } }, spec: { containers: nothing } } }',
    'spec: { template: { metadata: { labels: { app: istiod } }, spec: { containers: [5, [], { image: 7, env: 3, args: 8 }] } } }',
    'spec: [1]',
  ])('is not led astray by %s', spec => {
    const { profile, findings } = discovered(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: istiod, namespace: istio-system }\n${spec}\n`,
    );
    expect(profile.mesh.istioVersion).toBeUndefined();
    expect(findings).toEqual([]);
  });
});

describe('discoverMeshNetwork', () => {
  const namespace = (name: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    topology.istio.io/network: east\n`;

  it("finds the label of istiod's namespace, and of no other", () => {
    expect(discovered(namespace('istio-system')).of('mesh.network')).toEqual([
      ['east', 'Namespace istio-system', 6],
    ]);
    expect(discovered(namespace('shop')).of('mesh.network')).toEqual([]);
  });
});

describe('discoverZtunnel', () => {
  const image =
    '{ name: istio-proxy, image: "istio/ztunnel:1.29.2-distroless" }';

  it.each(['istio-system', 'kube-system'])('finds its version in %s', at => {
    expect(
      discovered(daemonSet('ztunnel', at, image)).of('mesh.ztunnelVersion'),
    ).toEqual([['1.29.2', `DaemonSet ${at}/ztunnel`, 7]]);
  });

  it('does not believe the namespace of a team', () => {
    const { profile } = discovered(daemonSet('ztunnel', 'shop', image));
    expect(profile.mesh.ztunnelVersion).toBeUndefined();
  });

  it('nothing is found where two tell different versions: one of them enforces dry-run policies', () => {
    const { profile, findings } = discovered(
      documents(
        daemonSet('ztunnel', 'istio-system', image),
        daemonSet(
          'ztunnel',
          'kube-system',
          '{ name: istio-proxy, image: "istio/ztunnel:1.28.0" }',
        ),
      ),
    );
    expect(profile.mesh.ztunnelVersion).toBeUndefined();
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'profile-ambiguous',
        objects: [
          'DaemonSet istio-system/ztunnel',
          'DaemonSet kube-system/ztunnel',
        ],
      }),
    ]);
  });
});

describe('discoverIstioCni', () => {
  const config = (data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-cni-config, namespace: kube-system }\ndata: { ${data} }\n`;

  it('finds which address the probes have', () => {
    const { profile, of } = discovered(
      config('AMBIENT_ENABLED: "true", HOST_PROBE_SNAT_IP: 169.254.9.9'),
    );
    const probes = [
      {
        cidrs: [
          '169.254.9.9/32',
          'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128',
        ],
        ports: [{ port: 1, endPort: 65535, protocol: 'TCP' }],
      },
    ];
    expect(profile.probes).toEqual(probes);
    expect(of('probes')).toEqual([
      [probes, 'ConfigMap kube-system/istio-cni-config', 4],
    ]);
  });

  it('finds nothing where the usual ones are used', () => {
    expect(discovered(config('AMBIENT_ENABLED: "true"')).profile.found).toEqual(
      [],
    );
  });

  it.each([
    config('HOST_PROBE_SNAT_IP: localhost'),
    daemonSet(
      'istio-cni-node',
      'istio-system',
      '{ name: install-cni, env: [{ name: HOST_PROBE_SNAT_IP, valueFrom: { fieldRef: { fieldPath: status.hostIP } } }] }',
    ),
  ])('says that an address is not known: %#', yaml => {
    const { findings, profile } = discovered(yaml);
    expect(findings.map(({ code }) => code)).toEqual(['platform-not-readable']);
    expect(profile.found).toEqual([]);
  });
});

describe('versions that no tag tells', () => {
  const labelled = (image: string, namespace = 'istio-system') =>
    istiod({ image, namespace }).replace(
      'metadata: { name: istiod,',
      'metadata: { labels: { app.kubernetes.io/version: 1.30.4 }, name: istiod,',
    );
  const DIGEST = `registry.corp.example:5000/pilot@sha256:${'0'.repeat(64)}`;

  it('are those of the label that the chart sets', () => {
    expect(discovered(labelled(DIGEST)).of('mesh.istioVersion')).toEqual([
      ['1.30.4', ISTIOD, 3],
    ]);
  });

  it('a tag goes before the label, also one that is no version', () => {
    const version = (image: string) =>
      discovered(labelled(image)).profile.mesh.istioVersion;
    expect(version('istio/pilot:1.29.0')).toBe('1.29.0');
    expect(version('istio/pilot:latest')).toBeUndefined();
  });

  it('the label is not read in the namespace of a team', () => {
    expect(discovered(labelled(DIGEST, 'shop')).profile.found).toEqual([]);
  });
});

describe('webhooks of the injector', () => {
  const webhook = (
    namespace: string,
    name = 'rev.namespace.sidecar-injector.istio.io',
    kind = 'MutatingWebhookConfiguration',
  ) => `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: { name: istio-sidecar-injector-v2, labels: { istio.io/rev: v2 } }
webhooks: [{ name: ${name}, clientConfig: { service: { name: istiod-v2, namespace: ${namespace} } } }]
`;
  const versions = (...texts: string[]) =>
    discovered(documents(...texts)).profile.mesh.istioVersion;
  const elsewhere = istiod({ namespace: 'mesh', image: 'pilot:1.29.2' });

  it('say in which namespace istiod is', () => {
    expect(versions(elsewhere)).toBeUndefined();
    expect(versions(elsewhere, webhook('mesh'))).toBe('1.29.2');
  });

  // Whoever may make namespaces could make istio-system where the mesh is elsewhere.
  it('and in which it is not', () => {
    expect(versions(elsewhere, istiod(), webhook('mesh'))).toBe('1.29.2');
  });

  it.each([
    [webhook('mesh', 'mutate.kyverno.svc')],
    [webhook('mesh', 'evil-sidecar-injector.istio.io.example')],
    [webhook('mesh', 'namespace.sidecar-injector.istio.io', 'Webhooks')],
  ])('others say nothing of it', yaml => {
    expect(versions(elsewhere, istiod(), yaml)).toBe('1.30.1');
  });

  it('what the profile states goes before them', () => {
    const { profile } = discovered(
      documents(elsewhere, istiod(), webhook('mesh')),
      '  mesh: { rootNamespace: istio-system }',
    );
    expect(profile.mesh.istioVersion).toBe('1.30.1');
  });
});
