import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import type { DatabaseLeases, Lease } from '../snapshots/DatabaseLeases';
import { pack, unpack, type Manifest } from '../snapshots/packing';
import {
  chunks,
  CONTENTS,
  endSilence,
  SNAPSHOTS,
  type ContentRow,
  type SnapshotRow,
} from '../snapshots/rows';

/** What there is of a cluster. */
export interface Present {
  version: string;
  settings: string;
  problems: readonly string[];
  /** Absent until everything was taken once. */
  manifest?: Manifest;
}

/** A text that was checked. */
export interface Text {
  digest: string;
  text: string;
}

/** The lease is another's, or something else is there than what was followed; nothing was written. */
export class Overtaken extends Error {}

/**
 * What agents send, in the tables of the snapshots. Texts are kept as they come, where no snapshot names them; with the last
 * of them the snapshot is replaced, in one transaction.
 */
export class DatabasePushes {
  constructor(
    private readonly client: Knex,
    private readonly leases: DatabaseLeases,
  ) {}

  async present(cluster: string): Promise<Present | undefined> {
    const row = await this.client<SnapshotRow>(SNAPSHOTS)
      .where({ cluster })
      .first();
    if (!row) return undefined;
    const { version, settings, problems, manifest } = row;
    return {
      version,
      settings,
      problems: JSON.parse(problems),
      ...(manifest !== null && {
        manifest: JSON.parse(await unpack(manifest)),
      }),
    };
  }

  /** Those of which no text is there. */
  async missing(
    cluster: string,
    digests: ReadonlySet<string>,
  ): Promise<string[]> {
    const there = await sizes(this.client, cluster);
    return [...digests].filter(digest => !there.has(digest));
  }

  /** A text that is there. */
  async text(cluster: string, digest: string): Promise<string | undefined> {
    const row = await this.client<ContentRow>(CONTENTS)
      .where({ cluster, digest })
      .first('text');
    return row && unpack(row.text);
  }

  /**
   * Keeps texts of files that are to come, and no others that no file has.
   *
   * @param wanted - digests of all that is to come
   * @param check - told how many bytes those of them are that are there then; may throw, and nothing is kept
   * @throws Overtaken
   */
  async keep(
    lease: Lease,
    texts: readonly Text[],
    options: {
      base: string;
      wanted: ReadonlySet<string>;
      forMs: number;
      check: (bytes: number) => void;
    },
  ): Promise<void> {
    const { base, wanted, forMs, check } = options;
    const rows = await packed(lease.cluster, texts);
    await this.client.transaction(async trx => {
      const { manifest } = await this.#begin(trx, lease, base, { forMs });
      await add(trx, rows);
      const shown = new Set(manifest.map(([, digest]) => digest));
      await tidy(
        trx,
        lease.cluster,
        digest => wanted.has(digest) || shown.has(digest),
      );
      const there = [...(await sizes(trx, lease.cluster))];
      check(
        sum(there.flatMap(([digest, all]) => (wanted.has(digest) ? all : []))),
      );
    });
  }

  /**
   * Replaces the snapshot. Every text of the manifest is there or among `texts`.
   *
   * @returns the version
   * @throws Overtaken, also where a text is not there
   */
  async replace(
    lease: Lease,
    snapshot: {
      settings: string;
      problems: readonly string[];
      manifest: Manifest;
      ageMs?: number;
    },
    options: {
      base: string;
      texts: readonly Text[];
      forMs: number;
      check: (bytes: number) => void;
    },
  ): Promise<string> {
    const { cluster } = lease;
    const { base, texts, forMs, check } = options;
    const { settings, problems, manifest, ageMs } = snapshot;
    const rows = await packed(cluster, texts);
    const next = {
      version: randomUUID(),
      settings,
      problems: JSON.stringify(problems),
      manifest: await pack(JSON.stringify(manifest)),
    };
    const wanted = new Set(manifest.map(([, digest]) => digest));
    await this.client.transaction(async trx => {
      await this.#begin(trx, lease, base, {
        forMs,
        ...(ageMs !== undefined && { ageMs }),
      });
      await add(trx, rows);
      await tidy(trx, cluster, digest => wanted.has(digest));
      // A message of the same agent that another replica took may have taken one away.
      const there = await sizes(trx, cluster);
      if (there.size < wanted.size) throw new Overtaken();
      check(sum(there.values()));
      await trx<SnapshotRow>(SNAPSHOTS).where({ cluster }).update(next);
    });
    return next.version;
  }

  /** From here on nobody takes the lease before the transaction ends. */
  async #begin(
    trx: Knex.Transaction,
    lease: Lease,
    base: string,
    kept: { forMs: number; ageMs?: number },
  ): Promise<{ manifest: Manifest }> {
    await endSilence(trx);
    if (!(await this.leases.renew(lease, kept, trx))) throw new Overtaken();
    const row = await trx<SnapshotRow>(SNAPSHOTS)
      .where({ cluster: lease.cluster })
      .first('version', 'manifest');
    if (row?.version !== base) throw new Overtaken();
    return {
      manifest:
        row.manifest === null ? [] : JSON.parse(await unpack(row.manifest)),
    };
  }
}

async function packed(
  cluster: string,
  texts: readonly Text[],
): Promise<ContentRow[]> {
  const rows: ContentRow[] = [];
  for (const { digest, text } of texts)
    rows.push({
      cluster,
      digest,
      text: await pack(text),
      bytes: Buffer.byteLength(text),
    });
  return rows;
}

async function add(trx: Knex, rows: readonly ContentRow[]): Promise<void> {
  for (const some of chunks(rows))
    await trx<ContentRow>(CONTENTS)
      .insert(some)
      .onConflict(['cluster', 'digest'])
      .ignore();
}

/** Takes away texts that nobody needs. */
async function tidy(
  trx: Knex,
  cluster: string,
  isNeeded: (digest: string) => boolean,
): Promise<void> {
  const there = [...(await sizes(trx, cluster)).keys()];
  for (const digests of chunks(there.filter(digest => !isNeeded(digest))))
    await trx<ContentRow>(CONTENTS)
      .where({ cluster })
      .whereIn('digest', digests)
      .delete();
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
}

/** Bytes of each text that is there, by its digest. */
async function sizes(
  client: Knex,
  cluster: string,
): Promise<Map<string, number>> {
  const rows = await client<ContentRow>(CONTENTS)
    .where({ cluster })
    .select('digest', 'bytes');
  return new Map(rows.map(({ digest, bytes }) => [digest, bytes ?? 0]));
}
