import { asArray, asJson, asText } from '@callgate/cluster-reader';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiServer } from '../ApiServer';
import {
  byToken,
  each,
  fill,
  freshDigest,
  make,
  tokenOf,
  within,
} from './cluster';
import {
  namesOf,
  namespaceOf,
  placeOf,
  podOf,
  policyOf,
  type Size,
} from './company';
import { Reader } from './Reader';
import type { Told } from './Told';

const MB = 1024 * 1024;
/** What is wanted of a reader. */
const MOST_MEMORY_MB = 400;
const MOST_LAG_MS = 2_000;

/** What `kubectl get` asks, of the kinds that there are many objects of: pages of 500, one after the other. */
const LISTS = [
  '/api/v1/pods',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/replicasets',
  '/api/v1/services',
  '/apis/networking.k8s.io/v1/networkpolicies',
];

async function listAll(server: ApiServer, token: string): Promise<number> {
  const begun = performance.now();
  for (const path of LISTS) {
    let next: string | undefined = '';
    while (next !== undefined) {
      const query = new URLSearchParams({ limit: '500', continue: next });
      const page = await server.ask('GET', `${path}?${query}`, undefined, {
        token,
      });
      if (asArray(page.items).length === 0) throw new Error(`no ${path}`);
      next = asText(asJson(page.metadata).continue);
    }
  }
  return performance.now() - begun;
}

const percentile = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ??
  Infinity;

function lagsOf(lags: readonly number[]): { p50: number; p95: number } {
  const sorted = [...lags].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

/** Changes what exists, each time another object, and says so on it; how many changes that was. */
function changer(server: ApiServer, { workloads, pods }: Size) {
  let made = 0;
  const perWorkload = Math.floor(pods / workloads);
  const mark = () => ({ 'proof/mark': `${Date.now()} ${made}` });
  const marked = (path: string) =>
    server.ask('PATCH', path, { metadata: { annotations: mark() } });
  return async () => {
    made += 1;
    const turn = made;
    const workload = (turn * 13) % workloads;
    const { name } = namesOf(workload);
    const namespace = namespaceOf(workload);
    switch (turn % 4) {
      case 0:
        await marked(`/api/v1/namespaces/${namespace}/services/${name}`);
        break;
      case 1:
        await marked(
          `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
        );
        break;
      case 2: {
        // A pod goes, and another comes in its place.
        const place = placeOf(podOf(workload, turn % perWorkload));
        await server.ask('DELETE', `${place}?gracePeriodSeconds=0`, undefined, {
          expected: [200, 404],
        });
        await make(server, podOf(workload, perWorkload + turn));
        return 2;
      }
      default: {
        const policy = policyOf(workload, (workload + turn) % workloads);
        const object = {
          ...policy.object,
          metadata: { name: `${name}-${turn}`, annotations: mark() },
        };
        await make(server, { ...policy, object });
      }
    }
    return 1;
  };
}

/** How fast and how small the reader is with so much, and whether it loses anything. */
export async function scale(
  server: ApiServer,
  size: Size,
  { changes, seconds }: { changes: number; seconds: number },
  told: Told,
): Promise<void> {
  const filled = performance.now();
  await fill(server, size);
  told.figure(
    `made ${size.pods} pods of ${size.workloads} workloads`,
    `${((performance.now() - filled) / 1000).toFixed(0)} s`,
  );
  const token = await tokenOf(server);
  const cluster = byToken(server, token);
  const reader = new Reader();
  try {
    const { memory: idle } = await reader.ask({ what: 'memory' });
    // Once before, for what the server has to fetch from its store.
    await listAll(server, token);
    const before = await listAll(server, token);
    const { ms = NaN } = await reader.start(cluster);
    const plain = (before + (await listAll(server, token))) / 2;
    told.figure('listing the same by pages', `${plain.toFixed(0)} ms`);
    told.figure(
      'first answer',
      `${ms.toFixed(0)} ms, ${(ms / plain).toFixed(2)} × listing`,
    );
    const grown = async (when: string) => {
      const { memory } = await reader.ask({ what: 'memory' });
      const over = (part: 'resident' | 'heap' | 'most') =>
        (memory![part] - idle![part]) / MB;
      told.figure(
        `memory over idle, ${when}`,
        `${over('resident').toFixed(0)} MB resident (${over('most').toFixed(
          0,
        )} MB at its most), ${over('heap').toFixed(0)} MB of objects`,
      );
      told.check(
        `memory over idle stays below ${MOST_MEMORY_MB} MB, ${when}`,
        over('resident') <= MOST_MEMORY_MB,
      );
    };
    await grown('after the first answer');
    const change = changer(server, size);

    await reader.ask({ what: 'lags' });
    for (let at = 0; at < 40; at += 1) {
      await change();
      await sleep(200);
    }
    await sleep(3_000);
    await lag('one change after the other', 20);

    const begun = performance.now();
    let done = 0;
    const turns = Array.from({ length: changes }, (_, at) => at);
    await each(turns, async () => {
      if (done >= changes) return;
      // Not faster than was asked for.
      const due = begun + (done / changes) * seconds * 1000;
      if (due > performance.now()) await sleep(due - performance.now());
      const changed = await change();
      done += changed;
    });
    const took = (performance.now() - begun) / 1000;
    told.figure(
      'changes under load',
      `${done} in ${took.toFixed(0)} s (${(done / took).toFixed(0)}/s)`,
    );
    await sleep(5_000);
    await lag('under that load', changes / 8);
    await grown('after that load');
    const fresh = await freshDigest(cluster);
    const { digest } = await reader.ask({ what: 'digest' });
    told.check('nothing is lost: the same as a fresh list', digest === fresh);
    // A check that could not fail says nothing.
    await make(server, policyOf(1, 2));
    told.check(
      'one object more is a difference, and is seen',
      (await within(
        async () => (await reader.ask({ what: 'digest' })).digest !== digest,
        20_000,
      )) !== undefined,
    );
  } finally {
    await reader.end();
  }

  async function lag(when: string, atLeast: number) {
    const { lags = [], reads = [] } = await reader.ask({ what: 'lags' });
    const { p50, p95 } = lagsOf(lags);
    told.figure(
      `lag, ${when}`,
      `p50 ${p50} ms, p95 ${p95} ms of ${
        lags.length
      } (the portal waits 1,000 of them); reading takes ${lagsOf(
        reads,
      ).p50.toFixed(0)} ms, p95 ${lagsOf(reads).p95.toFixed(0)} ms`,
    );
    told.check(
      `p95 of the lag is below ${MOST_LAG_MS} ms, ${when}`,
      lags.length >= atLeast && p95 <= MOST_LAG_MS,
    );
  }
}
