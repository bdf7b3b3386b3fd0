import type { EstateFile } from '@callgate/plugin-callgate-node';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import type { DatabaseLeases, Lease } from './DatabaseLeases';
import { digestOf, pack, unpack, type Manifest } from './packing';
import {
  chunks,
  CONTENTS,
  endSilence,
  isFree,
  isHeldAt,
  isPostgres,
  LEASES,
  nowOf,
  SNAPSHOTS,
  type ContentRow,
  type LeaseRow,
  type SnapshotRow,
} from './rows';

/** How far a time that was written may be ahead of the database's clock, which is put right now and then. */
const AHEAD_MS = 10_000;

/** What is said of a snapshot without reading it. */
export interface Glance {
  /** Does a replica read the cluster? */
  isHeld: boolean;
  /** How long ago the snapshot was last what the cluster has, in milliseconds; absent without a snapshot, and where that is not known. */
  ageMs?: number;
  /** Of the snapshot; absent without one. */
  version?: string;
  settings?: string;
}

/** What a cluster has, as it was read last. */
export interface Snapshot {
  version: string;
  settings: string;
  problems: readonly string[];
  /** By digest of their text; absent until everything was read once. Sorted by path. */
  files?: readonly { digest: string; file: EstateFile }[];
}

/** A snapshot that is there, as whoever writes the next one knows it. */
export interface Stored {
  version: string;
  /** Of the texts that are stored. */
  digests: ReadonlySet<string>;
}

/** A snapshot to be written. */
export interface NewSnapshot {
  settings: string;
  problems: readonly string[];
  /** Sorted by path. Without them those that are there stay, if they were read with the same settings. */
  files?: readonly { digest: string; file: EstateFile }[];
  /** How long ago this was last what the cluster has, in milliseconds; with `files`. */
  ageMs?: number;
}

/** Snapshots of clusters in the database of the plugin. Each is written and read in one transaction: nobody sees half of two. */
export class DatabaseSnapshots {
  private constructor(
    private readonly client: Knex,
    private readonly leases: DatabaseLeases,
  ) {}

  static create(options: {
    client: Knex;
    leases: DatabaseLeases;
  }): DatabaseSnapshots {
    return new DatabaseSnapshots(options.client, options.leases);
  }

  async glance(cluster: string): Promise<Glance> {
    const now = this.client.raw(`${nowOf(this.client)} as now`);
    const row = await this.client(LEASES)
      .leftJoin(SNAPSHOTS, `${SNAPSHOTS}.cluster`, `${LEASES}.cluster`)
      .where({ [`${LEASES}.cluster`]: cluster })
      .first<
        | (Pick<LeaseRow, 'leased_until' | 'as_of'> & {
            now: number | string;
            version: string | null;
            settings: string | null;
          })
        | undefined
      >('leased_until', 'as_of', 'version', 'settings', now);
    if (!row) return { isHeld: false };
    const { version, settings, as_of: asOf } = row;
    return {
      isHeld: isHeldAt(Number(row.leased_until), Number(row.now)),
      ...(asOf !== null &&
        Number(asOf) <= Number(row.now) + AHEAD_MS && {
          ageMs: Math.max(0, Number(row.now) - Number(asOf)),
        }),
      ...(version !== null && { version }),
      ...(settings !== null && { settings }),
    };
  }

  /**
   * @param known - files that are at hand, by digest of their text: these are not fetched
   * @throws Error where what is stored is not what was written
   */
  async load(
    cluster: string,
    known: ReadonlyMap<string, EstateFile>,
  ): Promise<Snapshot | undefined> {
    return this.client.transaction(
      async trx => {
        const row = await trx<SnapshotRow>(SNAPSHOTS)
          .where({ cluster })
          .first();
        if (!row) return undefined;
        const { version, settings } = row;
        const problems: string[] = JSON.parse(row.problems);
        if (row.manifest === null) return { version, settings, problems };
        const manifest: Manifest = JSON.parse(await unpack(row.manifest));
        const missing = manifest
          .map(([, digest]) => digest)
          .filter(digest => !known.has(digest));
        const texts = await textsOf(trx, cluster, [...new Set(missing)]);
        const files = manifest.map(([path, digest]) => {
          const at = known.get(digest);
          const text = at?.text ?? texts.get(digest);
          if (text === undefined)
            throw new Error(`the text of ${path} is missing`);
          const file: EstateFile =
            at?.path === path ? at : { path, text, observed: true };
          return { digest, file };
        });
        return { version, settings, problems, files };
      },
      // SQLite lets one transaction after the other through.
      isPostgres(this.client) ? { isolationLevel: 'repeatable read' } : {},
    );
  }

  /**
   * Replaces the snapshot of a cluster, if the lease still holds.
   *
   * @param options.stored - what is there; without it all is written anew
   * @returns the version; `undefined` where somebody else has the lease, and nothing was written
   * @throws Error where something else is there than `stored`, such as after the database was restored from a backup
   */
  async write(
    lease: Lease,
    snapshot: NewSnapshot,
    options: { forMs: number; stored?: Stored },
  ): Promise<string | undefined> {
    const { cluster } = lease;
    const { settings, files, ageMs } = snapshot;
    const { forMs, stored } = options;
    const texts = new Map(
      files?.map(({ digest, file }) => [digest, file.text]),
    );
    const isNew = (digest: string) => !stored?.digests.has(digest);
    const added = await packed(cluster, texts, isNew);
    const manifest = files && (await pack(JSON.stringify(manifestOf(files))));
    return this.client.transaction(async trx => {
      await endSilence(trx);
      const age = files && ageMs !== undefined ? { ageMs } : {};
      // It comes first: from here on nobody takes the lease before this is written.
      if (!(await this.leases.renew(lease, { forMs, ...age }, trx)))
        return undefined;
      const before = await trx<SnapshotRow>(SNAPSHOTS)
        .where({ cluster })
        .first('settings', 'version');
      if (stored && before?.version !== stored.version)
        throw new Error(
          'the snapshot in the database is not the one that was written last, and is written anew',
        );
      const isForeign = before !== undefined && before.settings !== settings;
      if (files) {
        if (!stored)
          await trx<ContentRow>(CONTENTS).where({ cluster }).delete();
        for (const rows of chunks(added))
          await trx<ContentRow>(CONTENTS).insert(rows);
        const gone = [...(stored?.digests ?? [])].filter(
          digest => !texts.has(digest),
        );
        for (const digests of chunks(gone))
          await trx<ContentRow>(CONTENTS)
            .where({ cluster })
            .whereIn('digest', digests)
            .delete();
      } else if (isForeign) {
        await trx<ContentRow>(CONTENTS).where({ cluster }).delete();
        await trx<LeaseRow>(LEASES).where({ cluster }).update({ as_of: null });
      }
      const next = {
        version: randomUUID(),
        settings,
        problems: JSON.stringify(snapshot.problems),
        ...(manifest && { manifest }),
        ...(!manifest && isForeign && { manifest: null }),
      };
      await trx<SnapshotRow>(SNAPSHOTS)
        .insert({ cluster, ...next })
        .onConflict('cluster')
        .merge(next);
      return next.version;
    });
  }

  /** Forgets clusters that are not among these, unless another replica reads them still. */
  async keepOnly(clusters: readonly string[]): Promise<void> {
    const rows = await this.client<LeaseRow>(LEASES)
      .whereRaw(isFree(this.client))
      .select('cluster');
    for (const { cluster } of rows) {
      if (clusters.includes(cluster)) continue;
      await this.client.transaction(async trx => {
        await endSilence(trx);
        const free = await trx<LeaseRow>(LEASES)
          .where({ cluster })
          .whereRaw(isFree(this.client))
          .delete();
        if (free === 0) return;
        await trx(SNAPSHOTS).where({ cluster }).delete();
        await trx(CONTENTS).where({ cluster }).delete();
      });
    }
  }
}

async function textsOf(
  trx: Knex,
  cluster: string,
  digests: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const some of chunks(digests)) {
    const rows = await trx<ContentRow>(CONTENTS)
      .where({ cluster })
      .whereIn('digest', some)
      .select('digest', 'text');
    for (const { digest, text: stored } of rows) {
      const text = await unpack(stored);
      if (digestOf(text) !== digest)
        throw new Error(`the text ${digest} is another one`);
      texts.set(digest, text);
    }
  }
  return texts;
}

async function packed(
  cluster: string,
  texts: ReadonlyMap<string, string>,
  isNew: (digest: string) => boolean,
): Promise<ContentRow[]> {
  const rows: ContentRow[] = [];
  for (const [digest, text] of texts)
    if (isNew(digest)) rows.push({ cluster, digest, text: await pack(text) });
  return rows;
}

function manifestOf(files: NonNullable<NewSnapshot['files']>): Manifest {
  return files.map(({ digest, file }) => [file.path, digest]);
}
