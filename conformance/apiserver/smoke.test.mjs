// Objects of which the documentation of Kubernetes or Istio says whether a cluster takes them: whether the API server is
// asked rightly. `node --test conformance/apiserver` makes what it needs.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ENGINES = fileURLToPath(new URL('../engines.mjs', import.meta.url));

const paths = JSON.parse(
  execFileSync(process.execPath, [ENGINES], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }),
);

/** A server of its own, and the promise of how it ends. */
function start(env = process.env, args = []) {
  const child = spawn(paths.apiserver, args, {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise(resolve => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', line =>
      resolve(JSON.parse(line)),
    );
    ended.then(status => reject(new Error(`it ended with ${status}`)));
  });
  return { child, ready, ended };
}

/** Asks the server at `address`; `content` is sent as it is. */
function ask(address, method, path, type, content, token = address.token) {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${address.url}${path}`,
      {
        method,
        ca: address.ca,
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
      },
      response => {
        let body = '';
        response.on('data', chunk => {
          body += chunk;
        });
        response.on('end', () => {
          // What is not served is answered with plain text.
          const isJson = /json/.test(response.headers['content-type']);
          resolve({
            status: response.statusCode,
            body: isJson ? JSON.parse(body) : { message: body },
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(content);
  });
}

let server;
let address;
before(async () => {
  server = start();
  address = await server.ready;
  const definitions = readFileSync(paths.definitions, 'utf8')
    .split(/^---$/m)
    .filter(text => text.includes('\n  group: security.istio.io\n'));
  assert.equal(definitions.length, 3);
  for (const text of definitions) {
    const { status } = await ask(
      address,
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      'application/yaml',
      text,
    );
    assert.equal(status, 201);
  }
  const served = async () =>
    (
      await ask(address, 'GET', '/apis/security.istio.io/v1', 'none')
    ).body.resources?.map(({ kind }) => kind) ?? [];
  while (new Set(await served()).size < 3) await setTimeout(20);
});
after(async () => {
  server.child.stdin.end();
  assert.equal(await server.ended, 0);
  assert.equal(existsSync(address.folder), false);
});

const PATHS = {
  NetworkPolicy: 'networking.k8s.io/v1/namespaces/default/networkpolicies',
  AuthorizationPolicy:
    'security.istio.io/v1/namespaces/default/authorizationpolicies',
  PeerAuthentication:
    'security.istio.io/v1/namespaces/default/peerauthentications',
  ValidatingAdmissionPolicy:
    'admissionregistration.k8s.io/v1/validatingadmissionpolicies',
};

/** What the server says about an object of that kind. */
const answerTo = (kind, spec) =>
  ask(
    address,
    'POST',
    `/apis/${PATHS[kind]}?dryRun=All&fieldValidation=Strict`,
    'application/json',
    JSON.stringify({
      apiVersion: PATHS[kind].split('/').slice(0, 2).join('/'),
      kind,
      metadata: { name: 'p' },
      spec,
    }),
  );
async function taken(kind, spec) {
  const { status, body } = await answerTo(kind, spec);
  assert.equal(status, 201, body.message);
  return body.spec;
}
async function refused(kind, spec, reason) {
  const { status, body } = await answerTo(kind, spec);
  assert.ok(status === 400 || status === 422, `status ${status}`);
  assert.match(body.message, reason);
}

describe('NetworkPolicy', () => {
  const from = peer => ({ podSelector: {}, ingress: [{ from: [peer] }] });
  const ports = port => ({ podSelector: {}, ingress: [{ ports: [port] }] });

  it('is taken, and what it leaves out is filled in', async () => {
    // Kubernetes, NetworkPolicy API: protocol "defaults to TCP"; policyTypes "will default based on the existence of ingress or egress rules".
    const spec = await taken('NetworkPolicy', ports({ port: 80 }));
    assert.deepEqual(spec.policyTypes, ['Ingress']);
    assert.deepEqual(spec.ingress, [
      { ports: [{ port: 80, protocol: 'TCP' }] },
    ]);
  });

  it('keeps the peers of a rule', async () => {
    // Where `from` gets lost on the way, everybody may call.
    const peer = { podSelector: { matchLabels: { app: 'web' } } };
    const spec = await taken('NetworkPolicy', from(peer));
    assert.deepEqual(spec.ingress, [{ from: [peer] }]);
  });

  it('may be about SCTP, and about no protocol that there is not', async () => {
    // Kubernetes, NetworkPolicyPort: "TCP, UDP, or SCTP".
    await taken('NetworkPolicy', ports({ port: 80, protocol: 'SCTP' }));
    await refused(
      'NetworkPolicy',
      ports({ port: 80, protocol: 'ICMP' }),
      /protocol: Unsupported value: "ICMP"/,
    );
  });

  it('has an endPort only from a numeric port, and not below it', async () => {
    // Kubernetes, NetworkPolicyPort.endPort: "cannot be defined if the port field is not defined or if the port field is defined as a named (string) port. The endPort must be equal or greater than port."
    await taken('NetworkPolicy', ports({ port: 80, endPort: 80 }));
    for (const port of [
      { port: 80, endPort: 79 },
      { port: 'http', endPort: 90 },
      { endPort: 90 },
    ])
      await refused('NetworkPolicy', ports(port), /endPort/);
  });

  it('selects by operators that there are, with values where they take any', async () => {
    // Kubernetes, LabelSelectorRequirement: "If the operator is In or NotIn, the values array must be non-empty. If the operator is Exists or DoesNotExist, the values array must be empty."
    const select = expression => ({
      podSelector: { matchExpressions: [{ key: 'app', ...expression }] },
    });
    await taken('NetworkPolicy', select({ operator: 'In', values: ['web'] }));
    for (const expression of [
      { operator: 'Equals', values: ['web'] },
      { operator: 'In' },
      { operator: 'Exists', values: ['web'] },
    ])
      await refused('NetworkPolicy', select(expression), /matchExpressions/);
  });

  it('has blocks that are blocks, with exceptions inside them', async () => {
    // Kubernetes, IPBlock.except: "Except values will be rejected if they are outside the cidr range".
    const block = (cidr, except) => from({ ipBlock: { cidr, except } });
    await taken('NetworkPolicy', block('10.0.0.0/8', ['10.1.0.0/16']));
    await refused('NetworkPolicy', block('10.0.0.0/33'), /ipBlock\.cidr/);
    await refused('NetworkPolicy', block('10.0.0.1'), /ipBlock\.cidr/);
    for (const except of ['11.0.0.0/16', '10.0.0.0/8'])
      await refused(
        'NetworkPolicy',
        block('10.0.0.0/8', [except]),
        /must be a strict subset/,
      );
  });

  it('has peers that are a block or selectors, not both and not nothing', async () => {
    // Kubernetes, NetworkPolicyPeer.ipBlock: "If this field is set then neither of the other fields can be."
    await refused(
      'NetworkPolicy',
      from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
      /may not specify both ipBlock and another peer/,
    );
    await refused('NetworkPolicy', from({}), /must specify a peer/);
  });

  it('has no field that there is not', async () => {
    // Kubernetes, "API concepts", field validation: Strict fails "if any unknown fields or duplicate fields are present".
    await refused(
      'NetworkPolicy',
      { podSelector: {}, ingres: [] },
      /unknown field "spec\.ingres"/,
    );
  });

  it('is read by the rules of the server where it is text', async () => {
    // A bare `on` is a truth value to YAML 1.1, which Kubernetes reads by, and a label is text.
    const { status, body } = await ask(
      address,
      'POST',
      `/apis/${PATHS.NetworkPolicy}?dryRun=All&fieldValidation=Strict`,
      'application/yaml',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec: { podSelector: { matchLabels: { app: on } } }\n',
    );
    assert.equal(status, 400, body.message);
    assert.match(body.message, /cannot unmarshal bool/);
  });
});

describe('Istio by its definitions', () => {
  it('takes policies of every action', async () => {
    for (const action of ['ALLOW', 'DENY', 'AUDIT'])
      await taken('AuthorizationPolicy', { action, rules: [{}] });
  });

  it('refuses an action that there is not', async () => {
    // AuthorizationPolicy.Action: ALLOW, DENY, AUDIT, CUSTOM; the definition has it as an enum.
    await refused(
      'AuthorizationPolicy',
      { action: 'REJECT', rules: [{}] },
      /spec\.action: Unsupported value: "REJECT"/,
    );
  });

  it('refuses a policy with selector and targets', async () => {
    // AuthorizationPolicy: "at most one of selector and targetRefs can be set".
    await refused(
      'AuthorizationPolicy',
      {
        selector: { matchLabels: { app: 'web' } },
        targetRefs: [{ kind: 'Service', group: '', name: 'web' }],
      },
      /only one of targetRefs or selector can be set/,
    );
  });

  it('refuses a field that there is not in the middle of a rule', async () => {
    await refused(
      'AuthorizationPolicy',
      { rules: [{ to: [{ operation: { pathz: ['/'] } }] }] },
      /unknown field "spec\.rules\[0\]\.to\[0\]\.operation\.pathz"/,
    );
  });

  it('takes modes for ports only with a selector, and only for ports', async () => {
    // PeerAuthentication.portLevelMtls, and the definition's rules: "portLevelMtls requires selector", "port must be between 1-65535".
    const selector = { matchLabels: { app: 'web' } };
    const at = port => ({ [port]: { mode: 'DISABLE' } });
    await taken('PeerAuthentication', { selector, portLevelMtls: at('8080') });
    await refused(
      'PeerAuthentication',
      { portLevelMtls: at('8080') },
      /portLevelMtls requires selector/,
    );
    await refused(
      'PeerAuthentication',
      { selector, portLevelMtls: at('65536') },
      /port must be between 1-65535/,
    );
  });
});

describe('ValidatingAdmissionPolicy', () => {
  const policy = expression => ({
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          resources: ['pods'],
          operations: ['CREATE'],
        },
      ],
    },
    validations: [{ expression }],
  });

  it('is taken where its expressions compile, and not else', async () => {
    // Kubernetes, "Validating Admission Policy": an expression has to evaluate to bool, `object` is a variable of it.
    await taken('ValidatingAdmissionPolicy', policy('has(object.metadata)'));
    for (const expression of ['object.', '"text"', 'pod.spec'])
      await refused(
        'ValidatingAdmissionPolicy',
        policy(expression),
        /expression/,
      );
  });
});

describe('the process', () => {
  it('lets nobody in without its token', async () => {
    const { status } = await ask(
      address,
      'GET',
      '/api/v1/namespaces',
      'none',
      undefined,
      'guessed',
    );
    assert.equal(status, 401);
  });

  it('stores nothing that it was only asked about', async () => {
    await taken('NetworkPolicy', { podSelector: {} });
    const { body } = await ask(
      address,
      'GET',
      `/apis/${PATHS.NetworkPolicy}`,
      'none',
    );
    assert.deepEqual(body.items, []);
  });

  it('ends on SIGTERM, and leaves no folder', async () => {
    const other = start();
    const { folder } = await other.ready;
    assert.equal(existsSync(folder), true);
    other.child.kill('SIGTERM');
    assert.equal(await other.ended, 0);
    assert.equal(existsSync(folder), false);
  });

  it('ends while it starts, and leaves no folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-apiserver-'));
    try {
      const other = start({ ...process.env, TMPDIR: folder });
      other.ready.catch(() => undefined);
      while (readdirSync(folder).length === 0) await setTimeout(1);
      other.child.stdin.end();
      assert.equal(await other.ended, 0);
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is as it was where it kept everything, also after it was killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-kept-'));
    const again = () => start(process.env, ['--keep', folder]);
    const path = '/api/v1/namespaces/default/configmaps';
    const object = '{"metadata":{"name":"kept"}}';
    try {
      const first = again();
      const kept = await first.ready;
      const made = await ask(kept, 'POST', path, 'application/json', object);
      assert.equal(made.status, 201);
      first.child.kill('SIGKILL');
      assert.equal(await first.ended, 'SIGKILL');
      const second = again();
      // Address, authority and token too.
      assert.deepEqual(await second.ready, kept);
      const found = await ask(kept, 'GET', `${path}/kept`, 'none');
      assert.equal(found.body.metadata.uid, made.body.metadata.uid);

      const compacted = new Promise(resolve => {
        createInterface({ input: second.child.stdout }).once('line', resolve);
      });
      second.child.stdin.write('compact\n');
      const { compacted: version } = JSON.parse(await compacted);
      assert.ok(version >= Number(made.body.metadata.resourceVersion));
      second.child.kill('SIGKILL');
      await second.ended;

      const third = again();
      await third.ready;
      // Kubernetes, "API concepts": a version that is not there any more is refused with 410.
      const gone = await ask(
        kept,
        'GET',
        `${path}?watch=true&timeoutSeconds=1&resourceVersion=${version - 1}`,
        'none',
      );
      assert.equal(gone.body.object?.code ?? gone.status, 410);
      third.child.stdin.end();
      assert.equal(await third.ended, 0);
      assert.equal(existsSync(join(folder, 'etcd')), true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
