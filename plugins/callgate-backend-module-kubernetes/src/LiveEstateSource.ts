import type {
  EstateReading,
  EstateSource,
} from '@callgate/plugin-callgate-node';
import { setTimeout } from 'node:timers/promises';
import { connectTo } from './api/connectTo';
import { KubeApi } from './api/KubeApi';
import type { ConfiguredClusters } from './config/ClusterConfig';
import { ClusterReader } from './reader/ClusterReader';
import { Gate } from './reader/Gate';
import type { ReaderParts } from './reader/KindReader';

/** Lists of one cluster at a time. */
const LISTS_AT_ONCE = 4;

const sleep = (ms: number, signal: AbortSignal) =>
  setTimeout(ms, undefined, { signal });

/** What runs in live clusters, as an estate: answers come from what watches keep, without waiting for any cluster. */
export class LiveEstateSource implements EstateSource {
  readonly id = 'kubernetes';
  readonly #readers: readonly { name: string; reader: ClusterReader }[];
  readonly #listeners: (() => void)[] = [];
  readonly #stop = new AbortController();

  constructor(
    private readonly options: {
      configured: ConfiguredClusters;
      now?: () => number;
      random?: () => number;
      wait?: ReaderParts['wait'];
    },
  ) {
    const {
      configured,
      now = Date.now,
      random = Math.random,
      wait = sleep,
    } = options;
    this.#readers = configured.clusters.map(
      ({ name, credentials, exclude, resyncMs }) => ({
        name,
        reader: new ClusterReader(
          { name, exclude, resyncMs, onChange: () => this.#tell() },
          {
            api: new KubeApi(connectTo(credentials, now)),
            lists: new Gate(LISTS_AT_ONCE),
            now,
            random,
            wait,
          },
        ),
      }),
    );
  }

  /** Begins to read every cluster; one that fails does not stop another. */
  start(): void {
    for (const { reader } of this.#readers) void reader.run(this.#stop.signal);
  }

  /** Ends every connection. */
  stop(): void {
    this.#stop.abort();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async read(): Promise<EstateReading> {
    const clusters: EstateReading['clusters'] = [];
    const unread = [...this.options.configured.refused];
    for (const { name, reader } of this.#readers) {
      const { files, problems } = reader.state();
      if (files) clusters.push({ name, files: [...files] });
      unread.push(...problems.map(problem => ({ cluster: name, problem })));
    }
    return {
      clusters,
      problems: unread.map(({ problem }) => problem),
      ...(unread.length > 0 && { unread }),
    };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
