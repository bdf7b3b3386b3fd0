import { setTimeout } from 'node:timers/promises';
import { connectTo } from '../api/connectTo';
import type { Credentials } from '../api/Credentials';
import { KubeApi } from '../api/KubeApi';
import { asArray, type Json } from '../json';
import { ApiStub } from '../testUtils/ApiStub';
import { CORE, object, served } from '../testUtils/objects';
import { ClusterReader } from './ClusterReader';
import { Gate } from './Gate';
import { readOnce } from './readOnce';

jest.setTimeout(60_000);

const KINDS = [
  ...CORE,
  served('', 'v1', 'configmaps', 'ConfigMap'),
  served('apps', 'v1', 'daemonsets', 'DaemonSet'),
  {
    ...{ group: 'admissionregistration.k8s.io', version: 'v1' },
    plural: 'mutatingwebhookconfigurations',
    ...{ kind: 'MutatingWebhookConfiguration', namespaced: false },
  },
  served(
    'security.istio.io',
    'v1',
    'peerauthentications',
    'PeerAuthentication',
  ),
];

let stub: ApiStub;
beforeEach(async () => {
  stub = await ApiStub.start(KINDS);
});
afterEach(() => stub.stop());

/** As istio's chart writes it. */
function istiod(
  name: string,
  more: { labels?: Json; env?: Json[] },
  namespace: string,
) {
  return object(
    name,
    {
      spec: {
        template: {
          metadata: { labels: { app: 'istiod', ...more.labels } },
          spec: {
            containers: [
              { name: 'discovery', image: 'i', env: more.env ?? [] },
            ],
          },
        },
      },
    },
    namespace,
  );
}

function injector(name: string, namespace: string, revision: string) {
  return object(
    name,
    {
      metadata: { labels: { 'istio.io/rev': revision } },
      webhooks: [
        {
          name: 'rev.namespace.sidecar-injector.istio.io',
          clientConfig: { service: { name: `istiod-${revision}`, namespace } },
        },
      ],
    },
    '',
  );
}

function configMap(namespace: string, name: string, data: Json) {
  stub.set('configmaps', object(name, { data }, namespace));
}

function credentials(): Credentials {
  return { type: 'token', url: stub.url, token: 't', skipTLSVerify: false };
}

async function read() {
  const answer = await readOnce({
    ...{ cluster: 'prod', credentials: credentials() },
    ...{ exclude: [], patienceMs: 1_000 },
  });
  const configs = (answer.files ?? [])
    .filter(({ path }) => path.startsWith('prod/configmaps/'))
    .flatMap(({ text }) => asArray(JSON.parse(text).items) as Json[])
    .map(({ metadata, data }) => {
      const { namespace, name } = metadata as Json;
      return [`${namespace}/${name}`, data];
    });
  const asked = stub.asked.filter(each => each.includes('configmaps'));
  return { ...answer, configs, asked };
}

it('reads the ConfigMap of each revision that runs, where its injector is', async () => {
  stub.set(
    'deployments',
    istiod('istiod', { labels: { 'istio.io/rev': 'default' } }, 'mesh'),
  );
  stub.set(
    'deployments',
    istiod('istiod-1-27', { labels: { 'istio.io/rev': '1-27' } }, 'mesh'),
  );
  stub.set(
    'mutatingwebhookconfigurations',
    injector('usual', 'mesh', 'default'),
  );
  configMap('mesh', 'istio', { mesh: 'trustDomain: a', other: 'x' });
  configMap('mesh', 'istio-1-27', { mesh: 'trustDomain: b' });
  configMap('mesh', 'istio-1-20', { mesh: 'trustDomain: gone' });
  configMap('mesh', 'passwords', { mesh: 'x' });
  const { configs, asked, problems } = await read();
  expect(configs).toEqual([
    ['mesh/istio', { mesh: 'trustDomain: a' }],
    ['mesh/istio-1-27', { mesh: 'trustDomain: b' }],
  ]);
  // No request is for more than one by its name.
  expect(
    asked.filter(each => !each.includes('fieldSelector=metadata.name%3Distio')),
  ).toEqual([]);
  expect(problems).toEqual([]);
});

it('is told the revision by the variable of istiod before its label', async () => {
  const env = [
    { name: 'REVISION', value: 'canary' },
    { name: 'SECRET', value: 's' },
  ];
  stub.set(
    'deployments',
    istiod('istiod', { env, labels: { 'istio.io/rev': 'x' } }, 'istio-system'),
  );
  configMap('istio-system', 'istio-canary', { mesh: 'trustDomain: b' });
  const { configs, files } = await read();
  expect(configs).toEqual([
    ['istio-system/istio-canary', { mesh: 'trustDomain: b' }],
  ]);
  expect(JSON.stringify(files)).not.toContain('SECRET');
});

it('takes the revisions of injectors where istiod runs elsewhere', async () => {
  stub.set(
    'mutatingwebhookconfigurations',
    injector('rev', 'istio-system', '1-27'),
  );
  configMap('istio-system', 'istio-1-27', { mesh: 'trustDomain: b' });
  const { configs } = await read();
  expect(configs).toEqual([
    ['istio-system/istio-1-27', { mesh: 'trustDomain: b' }],
  ]);
});

it('asks for nothing that somebody could have it asked for who may only make Deployments', async () => {
  stub.set(
    'deployments',
    istiod('istiod', { labels: { 'istio.io/rev': 'x' } }, 'shop'),
  );
  stub.set('daemonsets', object('cilium', {}, 'shop'));
  stub.set('daemonsets', object('istio-cni-node', {}, 'shop'));
  stub.set(
    'deployments',
    istiod(
      'istiod-odd',
      { labels: { 'istio.io/rev': '../secrets' } },
      'istio-system',
    ),
  );
  const { asked } = await read();
  expect(
    asked.filter(
      each =>
        !each.startsWith(
          'GET /api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio&',
        ),
    ),
  ).toEqual([]);
});

it('reads what network plugins are told, and of it a few keys', async () => {
  stub.set('daemonsets', object('cilium', {}, 'kube-system'));
  stub.set('daemonsets', object('istio-cni-node', {}, 'istio-system'));
  configMap('kube-system', 'cilium-config', {
    'policy-cidr-match-mode': 'nodes',
    ipam: 'cluster-pool',
    'hubble-export-secret': 'x',
  });
  configMap('istio-system', 'istio-cni-config', {
    HOST_PROBE_SNAT_IP: '169.254.7.1',
    OTHER: 'x',
  });
  const { configs, problems } = await read();
  expect(configs).toEqual([
    ['istio-system/istio-cni-config', { HOST_PROBE_SNAT_IP: '169.254.7.1' }],
    [
      'kube-system/cilium-config',
      { ipam: 'cluster-pool', 'policy-cidr-match-mode': 'nodes' },
    ],
  ]);
  expect(problems).toEqual([]);
});

it('names the right that is missing for a revision, and what to add', async () => {
  stub.set(
    'deployments',
    istiod('istiod', { labels: { 'istio.io/rev': '1-27' } }, 'istio-system'),
  );
  stub.refuse('list configmaps istio-system/istio-1-27', { status: 403 });
  const { problems, kinds } = await read();
  expect(problems).toEqual([
    expect.stringMatching(
      /list configmaps istio-1-27 of the namespace istio-system .*in the namespace istio-system, resourceNames of the Role callgate-reader has to have istio-1-27\./,
    ),
  ]);
  expect(kinds.filter(({ state }) => state === 'refused')).toMatchObject([
    { kind: { namespace: 'istio-system', name: 'istio-1-27' } },
  ]);
});

it('follows a revision that comes and one that goes, and shows no half of it', async () => {
  const ofOne = istiod('istiod', {}, 'istio-system');
  stub.set('deployments', ofOne);
  configMap('istio-system', 'istio', { mesh: 'trustDomain: a' });
  configMap('istio-system', 'istio-2', { mesh: 'trustDomain: b' });
  const stop = new AbortController();
  const seen: string[] = [];
  const reader = new ClusterReader(
    {
      ...{ name: 'prod', exclude: [], resyncMs: Infinity },
      onChange: () => {
        const { files } = reader.state();
        const text = JSON.stringify(files ?? []);
        const domains = [...text.matchAll(/trustDomain: ./g)].map(String);
        const state = `${text.includes('istiod-2')} ${domains}`;
        if (files && seen.at(-1) !== state) seen.push(state);
      },
    },
    {
      ...{ api: new KubeApi(connectTo(credentials())), lists: new Gate(4) },
      ...{ now: Date.now, random: () => 0.5 },
      wait: (ms, signal) => setTimeout(ms / 1000, undefined, { signal }),
    },
  );
  const until = async (last: string) => {
    while (seen.at(-1) !== last) await setTimeout(5);
  };
  try {
    void reader.run(stop.signal);
    await until('false trustDomain: a');
    while (!stub.isWatched('deployments')) await setTimeout(5);
    stub.set(
      'deployments',
      istiod('istiod-2', { labels: { 'istio.io/rev': '2' } }, 'istio-system'),
    );
    await until('true trustDomain: a,trustDomain: b');
    stub.remove('deployments', ofOne);
    await until('true trustDomain: b');
    // A revision is never there without what it reads.
    expect(seen).not.toContain('true trustDomain: a');
  } finally {
    stop.abort();
  }
});
