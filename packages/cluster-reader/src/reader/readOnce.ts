import { setTimeout } from 'node:timers/promises';
import { elapsed } from '../elapsed';
import { connectTo } from '../api/connectTo';
import type { Credentials } from '../api/Credentials';
import { KubeApi } from '../api/KubeApi';
import type { ClusterFile } from './ClusterFile';
import { ClusterReader, type KindState } from './ClusterReader';
import { Gate } from './Gate';

/** Lists at a time. */
const LISTS_AT_ONCE = 4;

const HOUR = 3_600_000;

/** Between two looks whether everything is known, in milliseconds. */
const LOOK_MS = 20;

/** How long lists may take that are on their way. */
const LONGEST_MS = 300_000;

/**
 * What a cluster has, as one reading found it.
 *
 * @public
 */
export interface ReadCluster {
  /** Sorted by path; absent where nothing could be read. */
  files?: readonly ClusterFile[];
  /** Every kind that the cluster serves and that is read. */
  kinds: readonly KindState[];
  /** Sentences: why that is not all of it. */
  problems: readonly string[];
}

/**
 * Reads a cluster once: every kind is listed, and its watch opened, so that what is not allowed is known. Kinds that are
 * refused are left out; what fails for another reason is tried again until the time is over. Never throws.
 *
 * @param options - `patienceMs`: for how long what fails is tried again
 * @public
 */
export async function readOnce(options: {
  cluster: string;
  credentials: Credentials;
  exclude: readonly string[];
  patienceMs: number;
}): Promise<ReadCluster> {
  const { cluster, credentials, exclude, patienceMs } = options;
  const stopped = new AbortController();
  const began = Date.now();
  const reader = new ClusterReader(
    { name: cluster, exclude, resyncMs: HOUR, onChange: () => undefined },
    {
      api: new KubeApi(connectTo(credentials)),
      lists: new Gate(LISTS_AT_ONCE),
      now: Date.now,
      random: Math.random,
      wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
    },
  );
  const running = reader.run(stopped.signal);
  try {
    // That a watch is open is no change that anybody is told of.
    while (!isKnown(reader, elapsed(began, Date.now()), patienceMs))
      await setTimeout(LOOK_MS);
    const { files, problems } = reader.state();
    return { ...(files && { files }), kinds: reader.kinds(), problems };
  } finally {
    stopped.abort();
    await running;
  }
}

/** Is nothing to be waited for any more? */
function isKnown(
  reader: ClusterReader,
  passedMs: number,
  patienceMs: number,
): boolean {
  if (reader.isRefused()) return true;
  const states = reader.kinds().map(({ state }) => state);
  const isBegun = states.length > 0;
  if (isBegun && states.every(state => state === 'read' || state === 'refused'))
    return true;
  // What has not come yet may be large; what fails again and again is known.
  return passedMs > (states.includes('waits') ? LONGEST_MS : patienceMs);
}
