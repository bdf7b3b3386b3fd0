import fc from 'fast-check';
import { fuzz } from './__testUtils__/fuzz';
import { asArray } from './estate/json';
import { FOREIGN } from './__testUtils__/foreignObjects';
import { fieldsOfManifests } from './__testUtils__/fieldsOfManifests';
import {
  EVERY_LIE,
  lie,
  lies,
  liesEverywhere,
  placesOf,
  replaced,
  tellLies,
  yamlOf,
} from './__testUtils__/lies';
import {
  buildCluster,
  CatalogEntity,
  Cluster,
  Compilation,
  compile,
  contractOf,
  createWorld,
  declaredApiOf,
  diff,
  evaluate,
  explain,
  Finding,
  keepFailed,
  lint,
  loadManifests,
  parseAccessPolicy,
  parseGuardrails,
  parsePlatformProfile,
  readYamlDocuments,
  reach,
  TooComplexError,
  withGenerated,
} from './index';
import { RequestSet } from './requestset/RequestSet';
import { describeRequests } from './verify/describeRequests';
import { EffectiveAccessIndex } from './verify/EffectiveAccessIndex';
import { bindEntity } from './plan/bindEntity';

/*
 * Three APIs, each with a provider and a caller of its own. What somebody writes about the first of them must never be
 * told in what comes out for the other two.
 */
const NAMES = ['damaged', 'fine', 'other'];

const definition = () => ({
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  servers: [
    { url: 'https://{host}/v1', variables: { host: { default: 'x' } } },
  ],
  paths: {
    '/orders': {
      get: { operationId: 'list', tags: ['a'], summary: 's' },
      post: { operationId: 'create' },
    },
    '/orders/{id}': { $ref: '#/components/pathItems/order' },
  },
  components: { pathItems: { order: { get: { operationId: 'get' } } } },
});

const api = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: {
    name,
    namespace: 'default',
    title: name,
    annotations: { 'callgate.dev/port': '80', 'callgate.dev/base-path': '/v1' },
    labels: { tier: 'one' },
    tags: ['a'],
  },
  spec: {
    type: 'openapi',
    lifecycle: 'production',
    owner: 'group:default/team',
    definition: JSON.stringify(definition()),
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
});

const component = (name: string, provides: string[]) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: {
      'backstage.io/kubernetes-label-selector': `app=${name}`,
      'backstage.io/kubernetes-namespace': 'shop',
      'callgate.dev/egress': 'enforce',
    },
  },
  spec: {
    type: 'service',
    owner: 'group:default/team',
    system: 'shop',
    providesApis: provides,
    dependsOn: ['resource:default/none'],
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
});

const policy = (name: string) => ({
  apiVersion: 'callgate.dev/v1alpha1',
  kind: 'AccessPolicy',
  metadata: { name },
  spec: {
    owner: 'group:default/team',
    api: `api:default/${name}`,
    mode: 'enforce',
    grants: [
      {
        id: 'g',
        caller: `component:default/${name}-caller`,
        operations: [{ id: 'list' }, { id: 'get' }],
        reason: 'r',
      },
    ],
  },
});

const workload = (name: string) => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas: 1,
      template: {
        metadata: { labels: { app: name } },
        spec: {
          serviceAccountName: name,
          containers: [
            { name: 'app', ports: [{ name: 'http', containerPort: 8080 }] },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { app: name },
      ports: [
        { name: 'http', port: 80, targetPort: 8080, appProtocol: 'http' },
      ],
    },
  },
];

const PROFILE = {
  apiVersion: 'callgate.dev/v1alpha1',
  kind: 'PlatformProfile',
  metadata: { name: 'prod' },
  spec: {
    mesh: { mode: 'sidecar', trustDomain: 'cluster.local' },
    network: { podCidrs: ['10.0.0.0/16'] },
    dns: [{ namespace: 'kube-system', ports: [{ port: 53, protocol: 'UDP' }] }],
    gateways: [{ namespace: 'edge', name: 'in' }],
    trust: { platform: { users: ['u'], groups: ['g'] } },
  },
};

const GUARDRAILS = {
  apiVersion: 'callgate.dev/v1alpha1',
  kind: 'Guardrails',
  metadata: { name: 'rules' },
  spec: {
    rules: [
      {
        name: 'titled',
        subject: 'edge',
        severity: 'warning',
        message: 'm',
        match: 'edge.port > 0',
        expression: 'edge.caller.labels.exists(l, l == "a")',
        examples: {
          pass: [{ edge: { caller: { labels: { a: 'b' } } } }],
          fail: [{ edge: { port: 1 } }],
        },
      },
    ],
  },
};

/** Hand-written objects of every kind that is read. */
const HAND_WRITTEN = [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'shop' },
    spec: {
      podSelector: {
        matchLabels: { app: 'damaged' },
        matchExpressions: [{ key: 'app', operator: 'In', values: ['damaged'] }],
      },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: {} }], ports: [{ port: 80, endPort: 90 }] },
      ],
    },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'a', namespace: 'shop', annotations: { x: 'y' } },
    spec: {
      selector: { matchLabels: { app: 'damaged' } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/shop/sa/x'] } }],
          to: [{ operation: { methods: ['GET'], paths: ['/a/*'] } }],
          when: [{ key: 'request.headers[x]', values: ['y'] }],
        },
      ],
    },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 't', namespace: 'shop' },
    spec: {
      targetRefs: [
        { group: '', kind: 'Service', name: 'damaged' },
        {
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          name: 'waypoint',
        },
      ],
      action: 'DENY',
      rules: [{ to: [{ operation: { notPaths: ['/{*}/b'], ports: ['80'] } }] }],
    },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'm', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'damaged' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { 8080: { mode: 'DISABLE' } },
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'v', namespace: 'shop' },
    spec: {
      hosts: ['damaged'],
      http: [
        {
          match: [{ uri: { prefix: '/x' } }],
          rewrite: { uri: '/y' },
          route: [{ destination: { host: 'damaged' } }],
        },
      ],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'r', namespace: 'shop' },
    spec: {
      rules: [
        {
          filters: [{ type: 'URLRewrite', urlRewrite: { path: {} } }],
          backendRefs: [{ name: 'damaged', port: 80 }],
        },
      ],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 's', namespace: 'shop' },
    spec: {
      hosts: ['x.example'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      resolution: 'STATIC',
      workloadSelector: { labels: { app: 'e' } },
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: 'w', namespace: 'shop' },
    spec: { address: '192.0.2.2', labels: { app: 'e' }, serviceAccount: 'e' },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace: 'shop' },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ port: 15008 }] },
  },
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'c', namespace: 'shop' },
    spec: {
      endpointSelector: { matchLabels: { app: 'damaged' } },
      ingress: [],
    },
  },
  ...FOREIGN,
].map(object => ({
  ...object,
  metadata: {
    labels: { app: 'x', 'app.kubernetes.io/managed-by': 'x' },
    annotations: {
      'istio.io/dry-run': 'true',
      'callgate.dev/api': 'x',
      'ambient.istio.io/waypoint-inbound-binding': 'PROXY/15088',
    },
    creationTimestamp: '2026-01-01T00:00:00Z',
    ownerReferences: [{ kind: 'Deployment', name: 'x' }],
    ...object.metadata,
  },
}));

interface Company {
  catalog: unknown[];
  policies: object[];
  estate: object[];
  profile: object;
}

const whole = (): Company => ({
  catalog: [
    ...NAMES.flatMap(name => [
      api(name),
      component(name, [name]),
      component(`${name}-caller`, []),
    ]),
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'team' },
      spec: { type: 'team', children: [] },
    },
  ],
  policies: NAMES.map(policy),
  estate: [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
    },
    ...NAMES.flatMap(name => [
      ...workload(name),
      ...workload(`${name}-caller`),
    ]),
  ],
  profile: structuredClone(PROFILE),
});

/** Everything that a fence had to catch: readers are to answer by themselves. */
function caught(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ message }) =>
    message.includes('a form that is not known'),
  );
}

function compileCompany(company: Company): Compilation {
  return compileWithCluster(company).compilation;
}

function compileWithCluster(company: Company): {
  compilation: Compilation;
  cluster: Cluster;
} {
  const { objects, findings } = loadManifests([
    { path: 'estate.yaml', text: company.estate.map(yamlOf).join('\n---\n') },
  ]);
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: yamlOf(company.profile),
  });
  const built = buildCluster({ name: 'prod', objects, profile });
  expect(caught([...findings, ...built.findings])).toEqual([]);
  const parsed = company.policies.map((value, index) => {
    const file = { path: `policies/${index}.yaml`, text: yamlOf(value) };
    return { file, ...parseAccessPolicy(file) };
  });
  const compilation = compile({
    catalog: company.catalog as CatalogEntity[],
    clusters: [built.cluster],
    policies: parsed.flatMap(({ policy: read, file, locate }) =>
      read ? [{ policy: read, file: file.path, locate }] : [],
    ),
    unreadable: parsed.flatMap(({ policy: read, file, findings: found }) =>
      read
        ? []
        : [{ file: file.path, api: declaredApiOf(file), findings: found }],
    ),
  });
  expect(caught(compilation.findings)).toEqual([]);
  return { compilation, cluster: built.cluster };
}

/** What comes out for the APIs that nobody touched. */
function ofOthers({ files, findings, failedApis, held, plan }: Compilation) {
  const isOther = (text: string | undefined) =>
    text !== undefined && /(fine|other)/.test(text);
  return {
    files: files.filter(({ path }) => isOther(path)),
    findings: findings.filter(({ api: ref }) => isOther(ref)),
    failed: failedApis.filter(({ api: ref }) => isOther(ref)),
    held: held.filter(({ api: ref }) => isOther(ref)),
    edges: plan.edges.filter(({ api: ref }) => isOther(ref)),
  };
}

const UNTOUCHED = ofOthers(compileCompany(whole()));

/** The company with the first API and its caller in a namespace of their own. */
function apart(): Company {
  const company = whole();
  const isDamaged = (object: object) => /"damaged/.test(JSON.stringify(object));
  const move = <T extends object>(object: T): T =>
    isDamaged(object)
      ? JSON.parse(
          JSON.stringify(object)
            .replace('"namespace":"shop"', '"namespace":"far"')
            .replace('namespace":"shop"', 'namespace":"far"'),
        )
      : object;
  return {
    ...company,
    catalog: (company.catalog as object[]).map(move),
    estate: [
      ...company.estate.map(move),
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'far', labels: { 'istio-injection': 'enabled' } },
      },
    ],
  };
}

function inFar(object: (typeof HAND_WRITTEN)[number] | object): object {
  const copy = structuredClone(object) as { metadata: { namespace?: string } };
  return { ...copy, metadata: { ...copy.metadata, namespace: 'far' } };
}

const APART = ofOthers(compileCompany(apart()));

const WRITTEN = compileCompany(apart()).files;

/** What workloads may do with those of the other APIs, by the files that the repository has then. */
function accessOfOthers(company: Company): Map<string, RequestSet> {
  const { compilation, cluster } = compileWithCluster(company);
  const files = keepFailed(compilation, WRITTEN);
  const access = EffectiveAccessIndex.of(
    withGenerated(cluster, loadManifests(files).objects),
  );
  const ids = ['fine', 'fine-caller', 'other', 'other-caller'].map(
    name => `shop/Deployment/${name}`,
  );
  const far = 'far/Deployment/damaged-caller';
  return new Map(
    [...ids, far].flatMap(from =>
      ids
        .filter(to => to !== from)
        .map(to => {
          const { possible, sure, conditions } = access.pair(from, to);
          // Of kinds that nothing reads it is unknown what they allow, for everybody; of kinds that nobody judges what they
          // allow those of their own namespace to send.
          const isUnknown = conditions.some(
            ({ kind }) =>
              kind === 'not-supported-yet' ||
              (kind === 'unmodelled-policy' && from === far),
          );
          return [`${from} ${to}`, isUnknown ? sure : possible] as const;
        }),
    ),
  );
}

const OPEN = accessOfOthers(apart());

describe('one damaged input', () => {
  it('is the exception: without damage every API has its files, and no error', () => {
    expect(UNTOUCHED.files).toHaveLength(2);
    expect(UNTOUCHED.failed).toEqual([]);
  });

  it.each([
    ['the API', 0],
    ['the provider', 1],
    ['the caller', 2],
  ])('%s in the catalog changes nothing for other APIs', (_, index) => {
    fuzz(
      fc.property(lies(true), told => {
        const company = whole();
        const holder = { entity: company.catalog[index] };
        tellLies(holder, told);
        company.catalog[index] = holder.entity;
        expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
      }),
      40,
    );
  });

  it('a definition changes nothing for other APIs', () => {
    fuzz(
      fc.property(lies(false), told => {
        const company = whole();
        const holder = { definition: definition() };
        tellLies(holder, told);
        const entity = company.catalog[0] as ReturnType<typeof api>;
        entity.spec.definition = yamlOf(holder.definition);
        expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
      }),
      40,
    );
  });

  it('an AccessPolicy changes nothing for other APIs', () => {
    fuzz(
      fc.property(lies(false), told => {
        const company = whole();
        tellLies({ policy: company.policies[0] }, told);
        expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
      }),
      40,
    );
  });

  it('a hand-written object or a workload never makes a reader throw', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...HAND_WRITTEN, ...workload('damaged')),
        lies(false),
        (object, told) => {
          const company = whole();
          const holder = { object: structuredClone(object) };
          tellLies(holder, told);
          company.estate.push(holder.object);
          expect(compileCompany(company).findings).toBeDefined();
        },
      ),
      30,
    );
  });

  it('a hand-written object or a workload changes nothing for APIs of other namespaces', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...HAND_WRITTEN, ...workload('damaged')),
        lies(false),
        (object, told) => {
          const company = apart();
          const holder = { object: inFar(object) };
          tellLies(holder, told);
          company.estate.push(holder.object);
          expect(ofOthers(compileCompany(company))).toEqual(APART);
        },
      ),
      60,
    );
  });

  it('a hand-written object or a workload opens nothing to or from what runs in other namespaces', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...HAND_WRITTEN, ...workload('damaged')),
        lies(false),
        (object, told) => {
          const company = apart();
          const holder = { object: inFar(object) };
          tellLies(holder, told);
          company.estate.push(holder.object);
          const now = accessOfOthers(company);
          expect(now.size).toBe(OPEN.size);
          for (const [pair, requests] of now) {
            const more = requests.subtract(OPEN.get(pair) ?? RequestSet.empty);
            expect([pair, describeRequests(more)]).toEqual([pair, '']);
          }
        },
      ),
      40,
    );
  });
});

describe('what runs in other namespaces', () => {
  it('has its files and its access without damage', () => {
    expect(APART.files).toHaveLength(2);
    expect(APART.edges).toHaveLength(2);
    const open = [...OPEN].filter(([, requests]) => !requests.isEmpty);
    expect(open.map(([pair]) => pair)).toContain(
      'shop/Deployment/fine-caller shop/Deployment/fine',
    );
    expect(
      OPEN.get('far/Deployment/damaged-caller shop/Deployment/fine')?.isEmpty,
    ).toBe(true);
  });
});

/** Asks a world everything that can be asked. */
function askAbout(manifests: readonly object[]): number {
  const { objects, findings } = loadManifests([
    { path: 'e.yaml', text: manifests.map(yamlOf).join('\n---\n') },
  ]);
  const built = buildCluster({ name: 'c', objects });
  expect(caught([...findings, ...built.findings])).toEqual([]);
  const world = createWorld([built.cluster]);
  const [first] = built.cluster.workloads;
  if (first) evaluate(world, { from: '192.0.2.1', to: first.id, port: 8080 });
  for (const to of ['shop/Deployment/damaged', first?.id ?? ''])
    explain(world, { from: 'shop/Deployment/x', to, port: 8080 });
  lint(world);
  const { cluster: none } = buildCluster({ name: 'c', objects: [] });
  try {
    reach(world);
    diff(createWorld([none]), world);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
  }
  return objects.length;
}

/** Asks what reads every object once. */
function askShortly(manifests: readonly object[]): number {
  const { objects, findings } = loadManifests([
    { path: 'e.yaml', text: manifests.map(yamlOf).join('\n---\n') },
  ]);
  const built = buildCluster({ name: 'c', objects });
  expect(caught([...findings, ...built.findings])).toEqual([]);
  const world = createWorld([built.cluster]);
  explain(world, {
    from: 'shop/Deployment/x',
    to: 'shop/Deployment/damaged',
    port: 8080,
  });
  return lint(world).length + objects.length;
}

/** Some of the values, and with `CALLGATE_FUZZ_RUNS` as many of them as it says. */
function each<T>(values: Iterable<T>, check: (value: T) => void): void {
  fuzz(fc.property(fc.constantFrom(...values), check), 60);
}

describe('a field of another type', () => {
  it('is answered about wherever a manifest has it', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...fieldsOfManifests()),
        fc.constantFrom(...EVERY_LIE),
        ({ object, place, among }, what) =>
          expect(
            askAbout([...among, replaced(object, place, what)]),
          ).toBeGreaterThanOrEqual(0),
      ),
      60,
    );
  });

  const foreignFields = HAND_WRITTEN.flatMap((object, index) =>
    placesOf(object)
      // Metadata is the same for all of them, but for one that binds a proxy.
      .filter(([first]) => first !== 'metadata' || index === 0)
      .map(place => ({ object, place })),
  );
  const pods = [...workload('damaged'), ...workload('x')];

  it('never turns into text by itself, whatever kind of object has it', () => {
    const [liar] = EVERY_LIE;
    expect(foreignFields.length).toBeGreaterThan(400);
    for (const { object, place } of foreignFields)
      expect(
        askShortly([...pods, replaced(object, place, liar)]),
      ).toBeGreaterThan(1);
    const waypoint = HAND_WRITTEN.filter(
      ({ kind, apiVersion }) =>
        kind === 'Gateway' && apiVersion.startsWith('gateway.'),
    );
    for (const object of waypoint)
      for (const place of placesOf(object))
        askShortly([...pods, replaced(object, place, liar)]);
  });

  it('is answered about wherever an object of a foreign kind has it, beside all others', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...foreignFields),
        fc.constantFrom(...EVERY_LIE),
        ({ object, place }, what) =>
          expect(
            askAbout([...pods, ...FOREIGN, replaced(object, place, what)]),
          ).toBeGreaterThan(1),
      ),
      40,
    );
  });

  it('in the catalog concerns its own API alone', () => {
    each(liesEverywhere({ entities: whole().catalog.slice(0, 3) }), odd => {
      const company = whole();
      company.catalog.splice(0, 3, ...asArray(odd.entities));
      expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
    });
  });

  it('in an AccessPolicy concerns its own API alone', () => {
    each(liesEverywhere(policy(NAMES[0])), odd => {
      const company = whole();
      company.policies[0] = odd;
      expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
    });
  });

  it('in a definition concerns its own API alone', () => {
    each(liesEverywhere(definition()), odd => {
      const company = whole();
      const entity = company.catalog[0] as ReturnType<typeof api>;
      entity.spec.definition = yamlOf(odd);
      expect(ofOthers(compileCompany(company))).toEqual(UNTOUCHED);
    });
  });

  it('in a profile or in guardrails is a finding', () => {
    for (const odd of liesEverywhere(PROFILE)) {
      const file = { path: 'p.yaml', text: yamlOf(odd) };
      expect(caught(parsePlatformProfile(file).findings)).toEqual([]);
    }
    for (const odd of liesEverywhere(GUARDRAILS)) {
      const file = { path: 'g.yaml', text: yamlOf(odd) };
      expect(caught(parseGuardrails(file).findings)).toEqual([]);
    }
  });
});

describe('readers of what teams write', () => {
  const read = {
    profile: (text: string) =>
      parsePlatformProfile({ path: 'p.yaml', text }).findings,
    guardrails: (text: string) =>
      parseGuardrails({ path: 'g.yaml', text }).findings,
    policy: (text: string) => {
      declaredApiOf({ path: 'a.yaml', text });
      return parseAccessPolicy({ path: 'a.yaml', text }).findings;
    },
    estate: (text: string) => {
      const { objects, findings } = loadManifests([{ path: 'e.yaml', text }]);
      const { cluster, findings: built } = buildCluster({ name: 'c', objects });
      lint(createWorld([cluster]));
      return [...findings, ...built];
    },
    openapi: (text: string) =>
      contractOf(
        { ...api('x'), spec: { type: 'openapi', definition: text } },
        'api:default/x',
      ).findings,
    grpc: (text: string) =>
      contractOf(
        { ...api('x'), spec: { type: 'grpc', definition: text } },
        'api:default/x',
      ).findings,
    documents: (text: string) => {
      readYamlDocuments({ path: 'd.yaml', text });
      return [];
    },
  };

  it.each([
    ['profile', PROFILE],
    ['guardrails', GUARDRAILS],
    ['policy', policy('x')],
    ['openapi', definition()],
  ] as const)('answer to %s with structures that lie', (name, value) => {
    fuzz(
      fc.property(lies(false), told => {
        const holder = { value: structuredClone(value) };
        tellLies(holder, told);
        expect(caught(read[name](yamlOf(holder.value)))).toEqual([]);
      }),
      150,
    );
  });

  const pieces = fc.constantFrom(
    ...['a', ': ', '- ', '\n', '\n  ', '&a ', '*a', '<<: *a', '{', '}', '['],
    ...[']', ',', '"', "'", '!!binary ', '!x ', '? ', '| ', '> ', '---\n'],
    ...['...\n', '%YAML 1.1\n', '\t', '\u0000', '\ud800', '#', '0x', '.nan'],
    ...['kind: Service\n', 'metadata: ', 'apiVersion: v1\n', 'paths:\n', '~'],
    ...['__proto__: ', 'toString: 1', 'openapi: 3.1.0\n', 'service S { rpc '],
    ...['syntax = "proto3";', 'message M {', 'extend .x {', 'option (a) = '],
  );
  it.each(Object.keys(read) as (keyof typeof read)[])(
    'answer to text that means nothing as %s',
    name => {
      fuzz(
        fc.property(
          fc.oneof(
            fc.array(pieces, { maxLength: 30 }).map(parts => parts.join('')),
            fc.string({ unit: 'binary' }),
          ),
          text => {
            expect(caught(read[name](text))).toEqual([]);
          },
        ),
        150,
      );
    },
  );

  it('answer to annotations of any kind', () => {
    const { cluster } = buildCluster({
      name: 'prod',
      objects: loadManifests([
        {
          path: 'e.yaml',
          text: workload('a').map(yamlOf).join('\n---\n'),
        },
      ]).objects,
    });
    const KEYS = [
      'backstage.io/kubernetes-id',
      'backstage.io/kubernetes-label-selector',
      'backstage.io/kubernetes-namespace',
      'backstage.io/kubernetes-cluster',
      'callgate.dev/addresses',
      'callgate.dev/identity',
      'callgate.dev/hosts',
    ];
    fuzz(
      fc.property(
        fc.dictionary(fc.constantFrom(...KEYS), lie, { maxKeys: 4 }),
        annotations => {
          const entity = {
            ...component('a', []),
            metadata: { name: 'a', annotations },
          };
          const binding = bindEntity(entity as unknown as CatalogEntity, [
            cluster,
          ]);
          // Not caught by the fence, which cannot say which annotation it is.
          expect('reason' in binding ? binding.reason : '').not.toContain(
            'not known',
          );
          const isOdd = Object.values(annotations).some(
            value => typeof value !== 'string',
          );
          expect(isOdd && binding.kind !== 'invalid').toBe(false);
        },
      ),
      300,
    );
  });

  it('are asked about what was read, and answer', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...HAND_WRITTEN),
        lies(false),
        (object, told) => {
          const holder = { object: structuredClone(object) };
          tellLies(holder, told);
          expect(
            askAbout([...workload('damaged'), ...workload('x'), holder.object]),
          ).toBeGreaterThan(0);
        },
      ),
      150,
    );
  });
});
