import { type Json, asJson } from '@callgate/cluster-reader';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiServer } from '../ApiServer';
import type { ClusterConfig } from '../../config/ClusterConfig';
import { LiveEstateSource } from '../../LiveEstateSource';
import {
  base64,
  byToken,
  clusterOf,
  each,
  fill,
  freshDigest,
  make,
  rights,
  tokenOf,
  within,
} from './cluster';
import { namespaceOf, placeOf, podOf, policyOf } from './company';
import { digestOf } from './digestOf';
import { Front } from './Front';
import { signToken } from './signToken';
import type { Told } from './Told';

/** More pods than two pages have. */
const SIZE = { pods: 1200, workloads: 200 };
const AN_HOUR = 3_600_000;
/** How long what is known of a token may be kept: by the server ten seconds, by the reader a minute. */
const SERVER_FORGETS_MS = 11_000;
const READER_FORGETS_MS = 61_000;

const POLICIES = '/apis/networking.k8s.io/v1/networkpolicies';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const DEFINED = 'authorizationpolicies.security.istio.io';

const definition = (): Json => ({
  metadata: { name: DEFINED },
  spec: {
    group: 'security.istio.io',
    scope: 'Namespaced',
    names: {
      kind: 'AuthorizationPolicy',
      plural: 'authorizationpolicies',
      singular: 'authorizationpolicy',
      listKind: 'AuthorizationPolicyList',
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
          },
        },
      },
    ],
  },
});

/** What happens to clusters, one after the other: after each, what the reader has is what a fresh list has. */
export async function disasters(
  binary: string,
  folder: string,
  told: Told,
  only?: string,
): Promise<void> {
  let server = await ApiServer.start(binary, folder);
  /** Added to the clock of readers: credentials are read again after a minute. */
  let ahead = 0;
  const sources: LiveEstateSource[] = [];
  let turn = 0;

  const read = (cluster: ClusterConfig, now = () => Date.now() + ahead) => {
    const source = new LiveEstateSource({
      configured: { clusters: [cluster], agents: [], refused: [], notes: [] },
      now,
    });
    sources.push(source);
    source.start();
    return source;
  };
  const kubeconfig = path.join(folder, 'reader.kubeconfig');
  const writeKubeconfig = (token: string, url = server.address.url) => {
    fs.writeFileSync(
      kubeconfig,
      JSON.stringify({
        clusters: [
          {
            name: 'c',
            cluster: {
              server: url,
              ...(url.startsWith('https') && {
                'certificate-authority-data': base64(server.address.ca),
              }),
            },
          },
        ],
        users: [{ name: 'u', user: { token } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
    return clusterOf({ type: 'kubeconfig', file: kubeconfig });
  };
  /** Something of every sort: made, changed, taken away. */
  const change = async () => {
    turn += 1;
    const at = (turn * 7) % SIZE.workloads;
    const policy = policyOf(at, (at + turn) % SIZE.workloads);
    await make(server, {
      ...policy,
      object: { ...policy.object, metadata: { name: `turn-${turn}` } },
    });
    await make(server, podOf(at, 1000 + turn));
    const gone = placeOf(podOf((turn * 11) % SIZE.workloads, 0));
    await server.ask('DELETE', `${gone}?gracePeriodSeconds=0`, undefined, {
      expected: [200, 404],
    });
  };
  const hasProblem = (source: LiveEstateSource, text: RegExp) => () =>
    source.read().then(({ problems }) => text.test(problems.join('\n')));
  const isRead = async (source: LiveEstateSource) => {
    const { clusters, problems } = await source.read();
    return clusters.length > 0 && problems.length === 0;
  };
  const restart = async (meanwhile = async () => {}) => {
    await server.kill();
    await meanwhile();
    server = await ApiServer.start(binary, folder);
  };

  /** After what happened, and a change more, the source says what a fresh one says. */
  const comesBack = async (what: string, source: LiveEstateSource) => {
    await change();
    const fresh = await freshDigest(byToken(server, await tokenOf(server)));
    const ms = await within(
      async () => digestOf(await source.read()) === fresh,
    );
    const { problems } = await source.read();
    told.check(
      `${what}: the same as a fresh list${
        ms === undefined ? '' : ` (after ${(ms / 1000).toFixed(1)} s)`
      }`,
      ms !== undefined,
      problems.join(' ') || 'it has something else',
    );
  };
  const says = async (what: string, source: LiveEstateSource, text: RegExp) => {
    const ms = await within(hasProblem(source, text));
    told.check(
      what,
      ms !== undefined,
      (await source.read()).problems.join('\n') || 'it says nothing',
    );
  };
  async function begun(cluster: ClusterConfig, now?: () => number) {
    const source = read(cluster, now);
    if ((await within(() => isRead(source))) === undefined)
      throw new Error((await source.read()).problems.join(' '));
    return source;
  }

  async function killed() {
    const source = await begun(byToken(server, await tokenOf(server)));
    await restart();
    await comesBack('killed, and back with the same data', source);
  }

  async function compacted() {
    const front = new Front(() => server.address);
    const url = await front.open();
    try {
      const cluster = writeKubeconfig(await tokenOf(server), url);
      // Between two pages of its first list, what the pages are of is forgotten.
      let expired = 0;
      front.before = async asked => {
        if (expired > 0 || !/^\/api\/v1\/pods\?.*continue=/.test(asked)) return;
        expired += 1;
        await change();
        await server.compact();
        // Its caches hear of it within fifteen seconds (k8s.io/apiserver, storage/cacher).
        const isGone = await within(async () => {
          const { code } = await server.ask('GET', asked, undefined, {
            expected: [200, 410],
          });
          return code === 410;
        });
        told.check(
          'a list goes on from what is gone: 410',
          isGone !== undefined,
        );
      };
      const source = await begun(cluster);
      told.check('a page of a list was asked for', expired === 1);
      await comesBack('compacted between two pages', source);

      // Watches end; until they are asked for again, everything since is forgotten, also by the server's caches.
      let hold: Promise<void> | undefined;
      let held = 0;
      let expiredWatch: string | undefined;
      front.before = async asked => {
        if (!hold || !asked.includes('watch=true')) return;
        held += 1;
        await hold;
        if (asked.startsWith(POLICIES)) expiredWatch = asked;
      };
      let release = () => {};
      hold = new Promise(resolve => {
        release = resolve;
      });
      front.endAnswers();
      await within(async () => held >= 8);
      await each(
        Array.from({ length: 5 }, (_, at) => at),
        change,
      );
      await server.compact();
      await restart();
      release();
      hold = undefined;
      await within(async () => expiredWatch !== undefined);
      const version = new URLSearchParams(expiredWatch!.split('?')[1]);
      told.check(
        'a watch goes on from what is gone: 410',
        (await codeOfWatch(server, version.get('resourceVersion')!)) === 410,
      );
      await comesBack('compacted between two watches', source);
    } finally {
      front.close();
    }
  }

  async function certificates() {
    const cluster = writeKubeconfig(await tokenOf(server));
    const source = await begun(cluster);
    const was = fs.readFileSync(path.join(folder, 'serving.crt'), 'utf8');
    await restart();
    told.check(
      'the server has another certificate of the same authority',
      was !== fs.readFileSync(path.join(folder, 'serving.crt'), 'utf8'),
    );
    await comesBack('another certificate of the same authority', source);
    await restart(async () => {
      for (const file of ['ca.crt', 'ca.key'])
        fs.rmSync(path.join(folder, file));
    });
    await says(
      'another authority is not believed, and what to do is said',
      source,
      /its certificate follows from none that is trusted.*caData or caFile/,
    );
    told.check(
      'what was read before stays',
      (await source.read()).clusters.length === 1,
    );
    writeKubeconfig(await tokenOf(server));
    ahead += READER_FORGETS_MS;
    await comesBack('the configuration has the new authority', source);
  }

  async function tokens() {
    const cluster = writeKubeconfig(await signToken(server, folder, 20));
    const source = await begun(cluster);
    await sleep(20_000 + SERVER_FORGETS_MS);
    // Watches go on with a token that has run out.
    await restart();
    await says(
      'a token that has run out is named',
      source,
      /does not know the token or certificate \(401\)/,
    );
    writeKubeconfig(await tokenOf(server));
    ahead += READER_FORGETS_MS;
    await comesBack('the file has a new token', source);
  }

  async function takenRights() {
    const source = await begun(byToken(server, await tokenOf(server)));
    const binding = rights().find(({ kind }) => kind === 'ClusterRoleBinding')!;
    await server.ask('DELETE', placeOf(binding));
    await restart();
    await says(
      'rights that were taken away are named',
      source,
      /does not let Callgate .*list networkpolicies.*deploy\/rbac\.yaml/,
    );
    await make(server, binding);
    await comesBack('rights are back', source);
  }

  async function definitions() {
    const source = await begun(byToken(server, await tokenOf(server)));
    await make(server, { path: DEFINITIONS, object: definition() });
    const policies = `/apis/security.istio.io/v1/namespaces/${namespaceOf(
      0,
    )}/authorizationpolicies`;
    const isServed = async () => {
      const { code } = await server.ask('GET', policies, undefined, {
        expected: [200, 404],
      });
      return code !== 404;
    };
    await within(isServed);
    const object = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'nobody' },
      spec: {},
    };
    await within(async () => {
      const { code } = await server.ask('POST', policies, object, {
        expected: [201, 404],
      });
      return code !== 404;
    });
    let isKnown = true;
    const has = async () => {
      const [cluster] = (await source.read()).clusters;
      isKnown &&= cluster !== undefined;
      return cluster?.files.some(({ path: at }) => at.includes(DEFINED));
    };
    told.check(
      'a kind that is defined later is read',
      (await within(async () => (await has()) === true)) !== undefined,
    );
    told.check('what was read stays known meanwhile', isKnown);
    await comesBack('a kind was defined', source);
    await server.ask('DELETE', `${DEFINITIONS}/${DEFINED}`);
    told.check(
      'a kind that is gone is gone',
      (await within(async () => (await has()) === false)) !== undefined,
    );
    await comesBack('a kind is gone', source);
  }

  async function clocks() {
    for (const [what, skew] of [
      ['an hour ahead', AN_HOUR],
      ['an hour behind', -AN_HOUR],
    ] as const) {
      const cluster = byToken(server, await tokenOf(server));
      const source = await begun(cluster, () => Date.now() + skew);
      await comesBack(`the reader’s clock is ${what}`, source);
    }
    // It is set right while it reads, and credentials change after that.
    let skew = AN_HOUR;
    const cluster = writeKubeconfig(await tokenOf(server));
    const source = await begun(cluster, () => Date.now() + skew);
    skew = 0;
    await restart(async () => {
      for (const file of ['ca.crt', 'ca.key'])
        fs.rmSync(path.join(folder, file));
    });
    writeKubeconfig(await tokenOf(server));
    await comesBack('the clock was set back while it read', source);
  }

  try {
    await fill(server, SIZE);
    const steps = {
      killed,
      compacted,
      certificates,
      tokens,
      rights: takenRights,
      definitions,
      clocks,
    };
    for (const [name, step] of Object.entries(steps)) {
      if (only !== undefined && only !== name) continue;
      await step();
      sources.splice(0).forEach(source => source.stop());
    }
  } finally {
    sources.forEach(source => source.stop());
    await server.stop();
  }
}

/** With what a watch from that version is refused: as an answer, or in its first event. */
async function codeOfWatch(server: ApiServer, version: string) {
  const query = new URLSearchParams({
    watch: 'true',
    resourceVersion: version,
    timeoutSeconds: '2',
  });
  const answer = await server.ask('GET', `${POLICIES}?${query}`, undefined, {
    expected: [200, 410],
  });
  return answer.code ?? asJson(answer.object).code;
}
