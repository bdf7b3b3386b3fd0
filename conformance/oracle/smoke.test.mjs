// Questions whose answers follow from the documentation of Kubernetes and Istio: whether the oracle asks its engines
// rightly. `node --test conformance/oracle` makes what it needs.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENGINES = fileURLToPath(new URL('../engines.mjs', import.meta.url));

let child;
let ended;
const waiting = [];
before(() => {
  const { oracle, definitions } = JSON.parse(
    execFileSync(process.execPath, [ENGINES], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  child = spawn(oracle, {
    env: { ...process.env, ORACLE_ISTIO_CRDS: definitions },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  ended = new Promise(resolve => {
    child.on('close', (status, signal) => {
      const error = new Error(`the oracle ended with ${signal ?? status}`);
      waiting.splice(0).forEach(({ reject }) => reject(error));
      resolve(signal ?? status);
    });
  });
  createInterface({ input: child.stdout }).on('line', line => {
    if (line.startsWith('{"id":')) {
      waiting.shift().resolve(JSON.parse(line));
    }
  });
});
after(async () => {
  child.stdin.end();
  assert.equal(await ended, 0);
});

const tell = line =>
  new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    child.stdin.write(`${line}\n`);
  });
let lastId = 0;
async function answerTo(request) {
  lastId += 1;
  const { id, ...answer } = await tell(
    JSON.stringify({ id: lastId, ...request }),
  );
  assert.equal(id, lastId);
  return answer;
}
async function ask(request) {
  const answer = await answerTo(request);
  assert.equal(answer.error, undefined);
  return answer;
}
async function refused(request, reason) {
  assert.match((await answerTo(request)).error ?? 'no error', reason);
}

const MESH = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  aliases: [],
};
const object = (kind, name, namespace, spec, metadata = {}) => ({
  apiVersion:
    kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'security.istio.io/v1',
  kind,
  metadata: { name, namespace, ...metadata },
  spec,
});

describe('networkPolicies', () => {
  const CLUSTER = {
    kind: 'networkPolicies',
    namespaces: [{ name: 'shop' }, { name: 'bank', labels: { tier: 'gold' } }],
    pods: [
      {
        namespace: 'shop',
        name: 'web',
        ip: '10.0.0.1',
        labels: { app: 'web' },
        ports: [
          { name: 'http', port: 8080, protocol: 'TCP' },
          { name: 'dns', port: 5353, protocol: 'UDP' },
        ],
      },
      {
        namespace: 'shop',
        name: 'cart',
        ip: '10.0.0.2',
        labels: { app: 'cart' },
      },
      {
        namespace: 'bank',
        name: 'web',
        ip: '10.0.0.3',
        labels: { app: 'web' },
      },
    ],
  };
  const [WEB, CART, BANK, OUTSIDE] = [
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    '192.0.2.7',
  ];
  const policy = (spec, name = 'p') =>
    object('NetworkPolicy', name, 'shop', { podSelector: {}, ...spec });

  /** What lets the call through. */
  async function passes(networkPolicies, from, to, port, protocol = 'TCP') {
    const { verdicts } = await ask({
      ...CLUSTER,
      networkPolicies,
      calls: [{ from, to, port, protocol }],
    });
    const names = { 11: 'both', 10: 'egress', '01': 'ingress', '00': 'none' };
    return names[verdicts[0].map(Number).join('')];
  }

  it('lets everything through where nothing is selected', async () => {
    assert.equal(await passes([], BANK, WEB, 8080), 'both');
  });

  it('isolates ingress alone when policyTypes and egress are left out', async () => {
    assert.equal(await passes([policy({})], CART, WEB, 80), 'egress');
    assert.equal(await passes([policy({})], CART, OUTSIDE, 80), 'both');
  });

  it('isolates egress too when policyTypes is left out and a rule of it is there', async () => {
    const web = { podSelector: { matchLabels: { app: 'web' } } };
    const policies = [policy({ ingress: [{}], egress: [{ to: [web] }] })];
    assert.equal(await passes(policies, CART, WEB, 80), 'both');
    assert.equal(await passes(policies, CART, OUTSIDE, 80), 'ingress');
  });

  it('reads an empty list of rules as none, and an empty rule as all', async () => {
    const none = policy({ ingress: [] }, 'none');
    const all = policy({ ingress: [{}] }, 'all');
    assert.equal(await passes([none], BANK, WEB, 80), 'egress');
    assert.equal(await passes([none, all], BANK, WEB, 80), 'both');
  });

  it('takes both selectors of one peer together and two peers apart', async () => {
    const namespaceSelector = { matchLabels: { tier: 'gold' } };
    const podSelector = { matchLabels: { app: 'cart' } };
    const from = peers => [policy({ ingress: [{ from: peers }] })];
    const together = from([{ namespaceSelector, podSelector }]);
    const apart = from([{ namespaceSelector }, { podSelector }]);
    assert.equal(await passes(together, BANK, WEB, 80), 'egress');
    assert.equal(await passes(together, CART, WEB, 80), 'egress');
    assert.equal(await passes(apart, BANK, WEB, 80), 'both');
    assert.equal(await passes(apart, CART, WEB, 80), 'both');
  });

  it('means the namespace of the policy by a podSelector alone', async () => {
    const podSelector = { matchLabels: { app: 'web' } };
    const policies = [policy({ ingress: [{ from: [{ podSelector }] }] })];
    assert.equal(await passes(policies, BANK, WEB, 80), 'egress');
    assert.equal(await passes(policies, WEB, CART, 80), 'both');
  });

  it('knows a namespace by the name label that the API server sets', async () => {
    const namespaceSelector = {
      matchLabels: { 'kubernetes.io/metadata.name': 'bank' },
    };
    const policies = [policy({ ingress: [{ from: [{ namespaceSelector }] }] })];
    assert.equal(await passes(policies, BANK, WEB, 80), 'both');
    assert.equal(await passes(policies, CART, WEB, 80), 'egress');
  });

  it('includes both ends of a range of ports, for its protocol only', async () => {
    const policies = [
      policy({ ingress: [{ ports: [{ port: 8000, endPort: 8010 }] }] }),
    ];
    assert.equal(await passes(policies, BANK, WEB, 7999), 'egress');
    assert.equal(await passes(policies, BANK, WEB, 8000), 'both');
    assert.equal(await passes(policies, BANK, WEB, 8010), 'both');
    assert.equal(await passes(policies, BANK, WEB, 8011), 'egress');
    assert.equal(await passes(policies, BANK, WEB, 8005, 'UDP'), 'egress');
  });

  it('finds a named port at the provider, with its protocol', async () => {
    const to = port => [
      policy({ policyTypes: ['Egress'], egress: [{ ports: [port] }] }),
    ];
    const http = to({ port: 'http' });
    assert.equal(await passes(http, CART, WEB, 8080), 'both');
    assert.equal(await passes(http, CART, WEB, 8081), 'ingress');
    assert.equal(await passes(http, CART, BANK, 8080), 'ingress');
    const dns = to({ port: 'dns', protocol: 'UDP' });
    assert.equal(await passes(dns, CART, WEB, 5353, 'UDP'), 'both');
    assert.equal(await passes(to({ port: 'dns' }), CART, WEB, 5353), 'ingress');
  });

  it('leaves the exceptions out of a block of addresses', async () => {
    const ipBlock = { cidr: '192.0.2.0/24', except: ['192.0.2.8/29'] };
    const policies = [
      policy({ policyTypes: ['Egress'], egress: [{ to: [{ ipBlock }] }] }),
    ];
    assert.equal(await passes(policies, WEB, '192.0.2.7', 443), 'both');
    assert.equal(await passes(policies, WEB, '192.0.2.8', 443), 'ingress');
    assert.equal(await passes(policies, WEB, '198.51.100.1', 443), 'ingress');
  });

  it('adds policies up, and judges each direction by its own', async () => {
    const policies = [
      policy({ policyTypes: ['Ingress', 'Egress'] }, 'deny'),
      policy({ ingress: [{ ports: [{ port: 80 }] }] }, 'in'),
    ];
    assert.equal(await passes(policies, CART, WEB, 80), 'ingress');
    assert.equal(await passes(policies, CART, WEB, 81), 'none');
    assert.equal(await passes(policies, BANK, WEB, 80), 'both');
  });

  it('refuses what no API server would store, which the evaluator would allow', async () => {
    const withPeer = peer => ({
      ...CLUSTER,
      networkPolicies: [policy({ ingress: [{ from: [peer] }] })],
    });
    const block = ipBlock => withPeer({ ipBlock });
    await refused(withPeer({}), /networkPolicies\[0\].*must specify a peer/);
    await refused(block({ cidr: '10.0.0.0/33' }), /ipBlock\.cidr/);
    await refused(
      block({ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }),
      /strict subset/,
    );
    await refused(
      block({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }),
      /strict subset/,
    );
    await refused(
      withPeer({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
      /both ipBlock and another peer/,
    );
    await refused(
      withPeer({ podSelector: { matchLabels: { app: 'not valid' } } }),
      /spec\.ingress\[0\]\.from\[0\]\.podSelector/,
    );
    await refused(withPeer({ podSelektor: {} }), /unknown field/);
    const withPort = port => ({
      ...CLUSTER,
      networkPolicies: [policy({ ingress: [{ ports: [port] }] })],
    });
    await refused(withPort({ port: 0 }), /ports\[0\]\.port/);
    await refused(withPort({ port: 'http', endPort: 90 }), /endPort/);
    await refused(withPort({ port: 90, endPort: 89 }), /endPort/);
    await refused(withPort({ endPort: 89 }), /endPort needs port/);
    await refused(withPort({ protocol: 'ICMP' }), /protocol/);
  });

  it('refuses a cluster in which a question would be ambiguous', async () => {
    const withPod = pod => ({
      ...CLUSTER,
      pods: [
        ...CLUSTER.pods,
        { namespace: 'shop', name: 'new', ip: '10.0.0.9', ...pod },
      ],
    });
    await ask(withPod({}));
    await refused(withPod({ ip: WEB }), /pods\[3\]\.ip: Duplicate/);
    await refused(withPod({ ip: '' }), /pods\[3\]\.ip/);
    await refused(withPod({ ip: 'FD00::1' }), /canonical/);
    await refused(withPod({ name: 'web' }), /Duplicate value: "shop\/web"/);
    await refused(withPod({ namespace: 'nowhere' }), /Not found: "nowhere"/);
    await refused(
      {
        ...CLUSTER,
        networkPolicies: [object('NetworkPolicy', 'p', 'nowhere', {})],
      },
      /no namespace "nowhere"/,
    );
  });

  it('refuses a call that cannot be made, and says which', async () => {
    const good = { from: CART, to: WEB, port: 80, protocol: 'TCP' };
    const withCall = call => ({
      ...CLUSTER,
      calls: [good, { ...good, ...call }],
    });
    await ask(withCall({}));
    await refused(withCall({ port: 0 }), /calls\[1\]: port/);
    await refused(withCall({ protocol: 'ICMP' }), /calls\[1\]: protocol/);
    await refused(withCall({ from: 'shop/cart' }), /calls\[1\]: from/);
    await refused(withCall({ from: 'fd00::9' }), /address family/);
  });
});

describe('authorization', () => {
  const authorization = (spec, metadata) =>
    object('AuthorizationPolicy', 'p', 'shop', spec, metadata);
  const filters = (objects, workload, more = {}) =>
    ask({
      kind: 'authorization',
      mesh: MESH,
      objects,
      workload: { namespace: 'shop', labels: { app: 'web' }, ...workload },
      ...more,
    });
  const FROM_A = {
    from: [{ source: { principals: ['cluster.local/ns/a/sa/a'] } }],
  };

  it('builds nothing where no policy is about the workload', async () => {
    const policies = [
      authorization({
        selector: { matchLabels: { app: 'cart' } },
        rules: [{}],
      }),
    ];
    const { http = [], tcp = [] } = await filters(policies);
    assert.deepEqual([http, tcp], [[], []]);
  });

  it('builds DENY before ALLOW, for HTTP and for TCP', async () => {
    const { http, tcp } = await filters([
      authorization({ rules: [FROM_A] }),
      object('AuthorizationPolicy', 'd', 'istio-system', {
        action: 'DENY',
        rules: [{ to: [{ operation: { ports: ['9090'] } }] }],
      }),
    ]);
    const actions = of => of.map(({ typedConfig }) => typedConfig.rules.action);
    // ALLOW is the action that Envoy's JSON leaves out.
    assert.deepEqual(actions(http), ['DENY', undefined]);
    assert.deepEqual(actions(tcp), ['DENY', undefined]);
    assert.match(JSON.stringify(http[1]), /io\.istio\.peer_principal/);
  });

  it('allows nothing by a rule about HTTP on TCP', async () => {
    const { tcp } = await filters([
      authorization({ rules: [{ to: [{ operation: { methods: ['GET'] } }] }] }),
    ]);
    assert.deepEqual(tcp[0].typedConfig.rules.policies ?? {}, {});
  });

  it('takes aliases of the trust domain for the trust domain', async () => {
    const { http } = await filters(
      [authorization({ rules: [FROM_A] })],
      {},
      {
        mesh: { ...MESH, trustDomain: 'new.example', aliases: ['old.example'] },
      },
    );
    const text = JSON.stringify(http);
    assert.match(text, /new\.example\/ns\/a\/sa\/a/);
    assert.match(text, /old\.example\/ns\/a\/sa\/a/);
    assert.doesNotMatch(text, /cluster\.local/);
  });

  it('attaches targetRefs to a waypoint, a Service only to the traffic to it', async () => {
    const to = (kind, name, group) =>
      authorization({
        targetRefs: [{ kind, name, group }],
        rules: [FROM_A],
      });
    const at = async (policy, workload, service) =>
      (await filters([policy], workload, service && { service })).http
        ?.length ?? 0;
    const waypoint = { labels: {}, waypoint: 'waypoint' };
    const web = { namespace: 'shop', name: 'web' };
    const forService = to('Service', 'web', '');
    assert.equal(await at(forService, waypoint, web), 1);
    assert.equal(await at(forService, waypoint), 0);
    assert.equal(await at(forService, waypoint, { ...web, name: 'cart' }), 0);
    assert.equal(await at(forService, {}), 0);
    const forGateway = to('Gateway', 'waypoint', 'gateway.networking.k8s.io');
    assert.equal(await at(forGateway, waypoint, web), 1);
    assert.equal(await at(forGateway, { ...waypoint, waypoint: 'other' }), 0);
  });

  it('refuses what Istio refuses, and two objects of one name', async () => {
    const about = objects => ({
      kind: 'authorization',
      mesh: MESH,
      objects,
      workload: { namespace: 'shop' },
    });
    const allow = authorization({ rules: [FROM_A] });
    await refused(
      about([authorization({ action: 'DENY' })]),
      /without `rules`/,
    );
    await refused(about([allow, allow]), /two of this name/);
    await refused(about([{ ...allow, kind: 'Pod' }]), /no kind of Istio/);
  });
});

describe('mtls', () => {
  const modes = async (objects, ports = [8080]) =>
    (
      await ask({
        kind: 'mtls',
        mesh: MESH,
        objects,
        ports,
        workload: { namespace: 'shop', labels: { app: 'web' } },
      })
    ).modes;
  const peer = (name, namespace, mode, more, metadata) =>
    object(
      'PeerAuthentication',
      name,
      namespace,
      { ...(mode && { mtls: { mode } }), ...more },
      metadata,
    );

  it('is PERMISSIVE unless said, and the nearest says', async () => {
    const mesh = peer('m', 'istio-system', 'STRICT');
    assert.deepEqual(await modes([]), ['PERMISSIVE']);
    assert.deepEqual(await modes([mesh]), ['STRICT']);
    assert.deepEqual(await modes([mesh, peer('n', 'shop', 'DISABLE')]), [
      'DISABLE',
    ]);
    assert.deepEqual(await modes([mesh, peer('n', 'bank', 'DISABLE')]), [
      'STRICT',
    ]);
  });

  it('follows the port before the workload', async () => {
    const selector = { matchLabels: { app: 'web' } };
    const portLevelMtls = { 9090: { mode: 'DISABLE' } };
    assert.deepEqual(
      await modes(
        [peer('w', 'shop', 'STRICT', { selector, portLevelMtls })],
        [8080, 9090],
      ),
      ['STRICT', 'DISABLE'],
    );
  });

  it('takes the oldest of two, and the first listed where both have no time', async () => {
    const at = creationTimestamp => ({ creationTimestamp });
    const young = (name, mode) =>
      peer(name, 'shop', mode, {}, at('2025-02-01T00:00:00Z'));
    const old = (name, mode) =>
      peer(name, 'shop', mode, {}, at('2024-01-01T00:00:00Z'));
    assert.deepEqual(await modes([young('a', 'DISABLE'), old('b', 'STRICT')]), [
      'STRICT',
    ]);
    assert.deepEqual(
      await modes([peer('b', 'shop', 'STRICT'), peer('a', 'shop', 'DISABLE')]),
      ['STRICT'],
    );
  });
});

describe('ambient', () => {
  it('turns ALLOW by HTTP into one that allows nothing, and sends STRICT as a DENY', async () => {
    const { policies } = await ask({
      kind: 'ambient',
      mesh: MESH,
      workload: { namespace: 'shop', labels: {} },
      objects: [
        object('AuthorizationPolicy', 'p', 'shop', {
          rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
        }),
        object('PeerAuthentication', 'd', 'shop', { mtls: { mode: 'STRICT' } }),
      ],
    });
    const sent = policies.map(each => each.policy ?? each);
    const allow = sent.find(({ name }) => name === 'p');
    assert.deepEqual(
      [allow.action, allow.rules ?? [], allow.groups ?? []],
      [undefined, [], []],
    );
    const strict = sent.find(({ name }) => name !== 'p');
    assert.equal(strict.action, 'DENY');
    assert.match(JSON.stringify(strict), /notPrincipals.*presence/);
  });
});

describe('waypoints', () => {
  const gateway = (namespaces, protocol = 'HBONE') => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'wp', namespace: 'infra' },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol,
          ...(namespaces && { allowedRoutes: { namespaces } }),
        },
      ],
    },
  });
  const use = {
    'istio.io/use-waypoint': 'wp',
    'istio.io/use-waypoint-namespace': 'infra',
  };
  const waypoint = async (infra, labels = {}) =>
    (
      await ask({
        kind: 'waypoints',
        namespaces: [
          { name: 'shop', labels: { ...use, team: 'red' } },
          { name: 'infra', labels: {} },
        ],
        objects: [infra],
        services: [{ namespace: 'shop', name: 'orders', labels }],
      })
    ).waypoints[0];

  it('admits its own namespace, all, or those with labels, and the Service may opt out', async () => {
    assert.equal(await waypoint(gateway()), '');
    assert.equal(await waypoint(gateway({ from: 'Same' })), '');
    assert.equal(await waypoint(gateway({ from: 'All' })), 'infra/wp');
    const by = matchLabels => ({ from: 'Selector', selector: { matchLabels } });
    assert.equal(await waypoint(gateway(by({ team: 'red' }))), 'infra/wp');
    assert.equal(await waypoint(gateway(by({ team: 'blue' }))), '');
    assert.equal(await waypoint(gateway({ from: 'Selector' })), '');
    assert.equal(await waypoint(gateway({ from: 'All' }, 'HTTP')), '');
    const none = { 'istio.io/use-waypoint': 'none' };
    assert.equal(await waypoint(gateway({ from: 'All' }), none), '');
  });
});

describe('validate', () => {
  const problem = async (kind, spec) =>
    (
      await ask({
        kind: 'validate',
        objects: [object(kind, 'p', 'shop', spec)],
      })
    ).problems[0];

  it('finds what only the definitions refuse, what only Istio refuses, and both at once', async () => {
    const to = operation => ({ rules: [{ to: [{ operation }] }] });
    const kind = 'AuthorizationPolicy';
    assert.equal(await problem(kind, to({ paths: ['/a'] })), '');
    assert.match(await problem(kind, to({ pathz: ['/a'] })), /unknown field/);
    // In protocol buffers an empty list is no list.
    assert.equal(await problem(kind, { rules: [{ from: [] }] }), '');
    assert.match(
      await problem(kind, { rules: [{ from: [{}] }] }),
      /`from.source` must not be nil/,
    );
    const both = await problem(kind, { rulez: [], rules: [{ from: [{}] }] });
    assert.match(both, /unknown field/);
    assert.match(both, /must not be nil/);
  });
});

describe('the protocol', () => {
  it('answers in order, and goes on after what it cannot answer', async () => {
    const answers = await Promise.all([
      tell('nonsense'),
      tell('{"id":7,"kind":"nonsense"}'),
      tell('{"id":8,"kind":"networkPolicies"}'),
    ]);
    assert.match(answers[0].error, /not a request/);
    assert.equal(answers[1].id, 7);
    assert.match(answers[1].error, /no such kind: "nonsense"/);
    assert.deepEqual(answers[2], { id: 8 });
  });
});
