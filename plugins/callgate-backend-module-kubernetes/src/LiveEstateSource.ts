import {
  ClusterReader,
  type ClusterState,
  Gate,
  KubeApi,
  type ReaderParts,
  connectTo,
} from '@callgate/cluster-reader';
import type {
  EstateIntake,
  EstateReading,
  EstateSource,
} from '@callgate/plugin-callgate-node';
import { setTimeout } from 'node:timers/promises';
import { ReceivedCluster } from './agents/ReceivedCluster';
import type { ClusterConfig, ConfiguredClusters } from './config/ClusterConfig';
import { settingsOf } from './snapshots/settingsOf';
import { SharedCluster, type SharedParts } from './snapshots/SharedCluster';

/** Lists of one cluster at a time. */
const LISTS_AT_ONCE = 4;

/** How often snapshots are looked for that nobody needs any more. */
const TIDY_MS = 600_000;

/** For how long the end of the backend waits for a database. */
const STOP_MS = 5_000;

const sleep = (ms: number, signal: AbortSignal) =>
  setTimeout(ms, undefined, { signal });

/** A cluster that this process reads, or has from one that does. */
interface LiveCluster {
  run(signal: AbortSignal): Promise<void>;
  state(): ClusterState;
  looked?: Promise<void>;
  /** There may be something new in the database. */
  wake?(): void;
}

/**
 * What runs in live clusters, as an estate: answers come from what watches keep, without waiting for any cluster. Replicas
 * that share a database have one of them read each cluster; without one, each process reads for itself.
 */
export class LiveEstateSource implements EstateSource {
  readonly id = 'kubernetes';
  readonly #clusters: readonly { name: string; cluster: LiveCluster }[];
  readonly #listeners: (() => void)[] = [];
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: {
      configured: ConfiguredClusters;
      now?: () => number;
      random?: () => number;
      wait?: ReaderParts['wait'];
      /** Of the clusters that have an agent. */
      intake?: EstateIntake;
      shared?: Pick<
        SharedParts,
        'leases' | 'snapshots' | 'timings' | 'onFailure'
      >;
    },
  ) {
    const { shared, now = Date.now } = options;
    const read = options.configured.clusters.map(config => {
      const { name } = config;
      const onChange = () => this.#tell();
      const cluster = shared
        ? new SharedCluster(
            {
              name,
              settings: settingsOf(config),
              newReader: changed => this.#newReader(config, changed),
              onChange,
            },
            { ...shared, now, wait: sleep },
          )
        : this.#newReader(config, onChange);
      return { name, cluster };
    });
    const received = options.configured.agents.map(({ name }) => {
      if (!shared)
        throw new Error(`What the agent of ${name} sends needs a database.`);
      const cluster: LiveCluster = new ReceivedCluster(
        { name, onChange: () => this.#tell() },
        { ...shared, now, wait: sleep },
      );
      return { name, cluster };
    });
    this.#clusters = [...read, ...received].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  }

  /** What agents send; absent where no cluster has one. */
  get intake(): EstateIntake | undefined {
    return this.options.configured.agents.length > 0
      ? this.options.intake
      : undefined;
  }

  /** Something was taken of a cluster: it need not be waited for. */
  look(cluster: string): void {
    this.#clusters.find(({ name }) => name === cluster)?.cluster.wake?.();
  }

  /** Begins to read every cluster; one that fails does not stop another. */
  start(): void {
    const { signal } = this.#stop;
    this.#running = Promise.all([
      ...this.#clusters.map(({ cluster }) => cluster.run(signal)),
      this.#tidy(signal),
    ]);
  }

  /** Ends every connection, and leaves the clusters to other replicas. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const late = new AbortController();
    const waited = sleep(STOP_MS, late.signal).catch(() => undefined);
    await Promise.race([this.#running, waited]);
    late.abort();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async read(): Promise<EstateReading> {
    await Promise.all(this.#clusters.map(({ cluster }) => cluster.looked));
    const clusters: EstateReading['clusters'] = [];
    const unread = [...this.options.configured.refused];
    for (const { name, cluster } of this.#clusters) {
      const { files, problems } = cluster.state();
      if (files) clusters.push({ name, files: [...files] });
      unread.push(...problems.map(problem => ({ cluster: name, problem })));
      if (!files && problems.length === 0)
        unread.push({
          cluster: name,
          problem: `The cluster ${name} is being read for the first time.`,
        });
    }
    return {
      clusters,
      problems: unread.map(({ problem }) => problem),
      ...(unread.length > 0 && { unread }),
    };
  }

  #newReader(
    { name, credentials, exclude, resyncMs }: ClusterConfig,
    onChange: () => void,
  ): ClusterReader {
    const { now = Date.now, random = Math.random, wait = sleep } = this.options;
    return new ClusterReader(
      { name, exclude, resyncMs, onChange },
      {
        api: new KubeApi(connectTo(credentials, now)),
        lists: new Gate(LISTS_AT_ONCE),
        now,
        random,
        wait,
      },
    );
  }

  async #tidy(signal: AbortSignal): Promise<void> {
    const { shared } = this.options;
    const names = this.#clusters.map(({ name }) => name);
    while (shared && !signal.aborted) {
      await shared.snapshots.keepOnly(names).catch(shared.onFailure);
      await sleep(TIDY_MS, signal).catch(() => undefined);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
