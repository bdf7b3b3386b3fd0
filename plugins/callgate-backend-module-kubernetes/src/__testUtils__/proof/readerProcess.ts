// The process of `Reader`: it reads one cluster, hears of changes as the portal does, and says what it saw when.
import type { EstateFile } from '@callgate/plugin-callgate-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterConfig } from '../../config/ClusterConfig';
import { LiveEstateSource } from '../../LiveEstateSource';
import { digestOf } from './digestOf';

/** What the process is asked. */
export type Ask =
  | { what: 'start'; cluster: ClusterConfig }
  | { what: 'memory' }
  | { what: 'digest' }
  /** Lags of marks that were seen since the last time. */
  | { what: 'lags' };

/** What it answers. */
export interface Answer {
  id: number;
  /** Milliseconds until the first answer. */
  ms?: number;
  /** Bytes after collecting garbage: resident, and of objects. */
  memory?: { resident: number; heap: number; most: number };
  digest?: string;
  /** Milliseconds from a change to the reading that has it. */
  lags?: number[];
  /** How long `read` took each time since the last answer, in milliseconds. */
  reads?: number[];
}

/** After so long the portal reads what a source says has changed (callgate-backend, EstateReader). */
const SETTLE_MS = 1_000;
/** How a change says when it was made, and which one it is. */
const MARK = /"proof\/mark":"(\d+) (\d+)"/g;

let source: LiveEstateSource;
let known = new Map<string, EstateFile>();
const seen = new Set<string>();
let lags: number[] = [];
let reads: number[] = [];
let isSettling = false;

async function look() {
  const begun = performance.now();
  const { clusters } = await source.read();
  reads.push(performance.now() - begun);
  const now = Date.now();
  const files = clusters.flatMap(each => each.files);
  for (const file of files) {
    if (known.get(file.path) === file) continue;
    for (const [, at, id] of file.text.matchAll(MARK)) {
      if (seen.has(id)) continue;
      seen.add(id);
      lags.push(now - Number(at));
    }
  }
  known = new Map(files.map(file => [file.path, file]));
}

async function start(cluster: ClusterConfig): Promise<number> {
  source = new LiveEstateSource({
    configured: { clusters: [cluster], agents: [], refused: [], notes: [] },
  });
  const begun = performance.now();
  source.start();
  for (;;) {
    const { clusters, problems } = await source.read();
    if (clusters.length > 0 && problems.length === 0) break;
    await sleep(20);
  }
  const ms = performance.now() - begun;
  source.onChange(() => {
    if (isSettling) return;
    isSettling = true;
    setTimeout(() => {
      isSettling = false;
      void look();
    }, SETTLE_MS);
  });
  return ms;
}

function memory() {
  global.gc!();
  global.gc!();
  const { rss: resident, heapUsed: heap, external } = process.memoryUsage();
  // In kilobytes.
  const most = process.resourceUsage().maxRSS * 1024;
  return { resident, heap: heap + external, most };
}

async function answer(ask: Ask): Promise<Omit<Answer, 'id'>> {
  switch (ask.what) {
    case 'start':
      return { ms: await start(ask.cluster) };
    case 'memory':
      return { memory: memory() };
    case 'digest':
      return { digest: digestOf(await source.read()) };
    default: {
      const told = { lags, reads };
      lags = [];
      reads = [];
      return told;
    }
  }
}

process.on('message', async (ask: Ask & { id: number }) => {
  process.send!({ id: ask.id, ...(await answer(ask)) });
});
process.on('disconnect', () => process.exit(0));
