import type { Knex } from 'knex';
import { emptyTables, testDatabases } from '../__testUtils__/databases';
import { DatabaseLeases, type Lease } from './DatabaseLeases';
import {
  DatabaseSnapshots,
  type NewSnapshot,
  type Stored,
} from './DatabaseSnapshots';
import { migrate } from './migrate';
import { digestOf, unpack } from './packing';

jest.setTimeout(120_000);

const LEASE = { forMs: 30_000 };

function snapshotOf(
  texts: Record<string, string>,
  more: Partial<NewSnapshot> = {},
): NewSnapshot & Required<Pick<NewSnapshot, 'files'>> {
  return {
    settings: 'same',
    problems: [],
    ageMs: 0,
    files: Object.entries(texts).map(([path, text]) => ({
      digest: digestOf(text),
      file: { path, text, observed: true as const },
    })),
    ...more,
  };
}

describe('snapshots in a database', () => {
  const databases = testDatabases();
  describe.each(databases.eachSupportedId())('on %p', id => {
    let client: Knex;
    let leases: DatabaseLeases;
    let snapshots: DatabaseSnapshots;
    beforeAll(async () => {
      client = await databases.init(id);
      await migrate({ getClient: async () => client });
    });
    beforeEach(async () => {
      await emptyTables(client);
      leases = DatabaseLeases.create({ client });
      snapshots = DatabaseSnapshots.create({ client, leases });
    });

    const take = async (): Promise<Lease> =>
      (await leases.take('prod', LEASE.forMs))!;
    /** What would be so after half a minute in which nobody kept the lease. */
    const runOut = () =>
      client('kubernetes_leases').update({ leased_until: 0 });
    const load = () => snapshots.load('prod', new Map());
    const textsIn = async () =>
      Object.fromEntries(
        (await load())?.files?.map(({ file }) => [file.path, file.text]) ?? [],
      );
    const digests = async (): Promise<string[]> =>
      client('kubernetes_contents').orderBy('digest').pluck('digest');

    it('has tables beside those of the plugin, by migrations of its own', async () => {
      await migrate({ getClient: async () => client });
      expect(await client.schema.hasTable('knex_migrations')).toBe(false);
      expect(await client.schema.hasTable('kubernetes_knex_migrations')).toBe(
        true,
      );
    });

    it('gives a lease to one of many that ask, and to another when it has run out', async () => {
      const asked = await Promise.all(Array.from({ length: 8 }, take));
      const [first, ...rest] = asked.filter(lease => lease !== undefined);
      expect(rest).toEqual([]);
      expect(await leases.renew(first, LEASE)).toBe(true);
      expect(await take()).toBeUndefined();
      await runOut();
      const second = await take();
      expect(second.holder).not.toBe(first.holder);
      expect(await leases.renew(first, LEASE)).toBe(false);
      // What the first gives back is not the second's.
      await leases.release(first);
      expect(await take()).toBeUndefined();
      await leases.release(second);
      expect(await take()).toBeDefined();
    });

    it('keeps a lease for as long as it says, by the clock of the database', async () => {
      const before = await snapshots.glance('prod');
      expect(before).toEqual({ isHeld: false });
      await take();
      const { leased_until: until } = await client('kubernetes_leases').first();
      const { now } = await client.first(
        client.raw(
          id === 'SQLITE_3'
            ? "strftime('%s', 'now') * 1000 as now"
            : 'extract(epoch from now()) * 1000 as now',
        ),
      );
      expect(Number(until)).toBeGreaterThan(Number(now));
      expect(Number(until) - Number(now)).toBeLessThan(120_000);
      expect((await snapshots.glance('prod')).isHeld).toBe(true);
    });

    it('does not wait for a lease of a clock that was put back since', async () => {
      const lost = await take();
      const ahead = client.raw('leased_until + ?', [3_600_000]);
      await client('kubernetes_leases').update({ leased_until: ahead });
      expect((await snapshots.glance('prod')).isHeld).toBe(false);
      const taken = await take();
      expect(taken).toBeDefined();
      expect((await snapshots.glance('prod')).isHeld).toBe(true);
      expect(await leases.renew(lost, LEASE)).toBe(false);
      expect(await leases.renew(taken, LEASE)).toBe(true);
    });

    it('does not wait for somebody who hangs while they write', async () => {
      // SQLite has no rows that are locked: one transaction follows the other.
      if (id === 'SQLITE_3') return;
      const lease = await take();
      const hanging = await client.transaction();
      try {
        expect(await leases.renew(lease, { forMs: -1 }, hanging)).toBe(true);
        expect(await leases.take('prod', LEASE.forMs)).toBeUndefined();
      } finally {
        await hanging.commit();
      }
      expect(await leases.take('prod', LEASE.forMs)).toBeDefined();
    });

    it('does not know the age of a snapshot that is of the future', async () => {
      await snapshots.write(await take(), snapshotOf({ a: '1' }), LEASE);
      expect(await snapshots.glance('prod')).toHaveProperty('ageMs');
      const ahead = client.raw('as_of + ?', [3_600_000]);
      await client('kubernetes_leases').update({ as_of: ahead });
      expect(await snapshots.glance('prod')).not.toHaveProperty('ageMs');
    });

    it('writes nothing on top of what is not the snapshot that it follows', async () => {
      const lease = await take();
      const first = snapshotOf({ a: '1' });
      const version = await snapshots.write(lease, first, LEASE);
      // As after a database was restored that had less.
      await client('kubernetes_contents').delete();
      await client('kubernetes_snapshots').update({ version: 'of-yesterday' });
      const stored = {
        version: version!,
        digests: new Set([digestOf('1')]),
      };
      await expect(
        snapshots.write(lease, snapshotOf({ a: '1', b: '2' }), {
          ...LEASE,
          stored,
        }),
      ).rejects.toThrow('is not the one that was written last');
      await snapshots.write(lease, snapshotOf({ a: '1', b: '2' }), LEASE);
      expect(await textsIn()).toEqual({ a: '1', b: '2' });
    });

    it('gives back what was written, compressed', async () => {
      const text = 'kind: Service\n'.repeat(1000);
      const written = snapshotOf(
        { 'prod/a.yaml': text, 'prod/b.yaml': text, 'prod/c.yaml': 'ü' },
        { problems: ['The cluster prod is slow.'], ageMs: 60_000 },
      );
      expect(await snapshots.write(await take(), written, LEASE)).toBeDefined();
      const loaded = await load();
      expect(loaded?.files).toEqual(written.files);
      expect(loaded?.problems).toEqual(written.problems);
      const rows = await client('kubernetes_contents');
      expect(rows).toHaveLength(2);
      const longest = rows.find(row => row.digest === digestOf(text));
      expect(longest.text.length).toBeLessThan(text.length / 10);
      expect(await unpack(longest.text)).toBe(text);
      const { ageMs, version } = await snapshots.glance('prod');
      expect(version).toBe(loaded!.version);
      expect(ageMs).toBeGreaterThanOrEqual(60_000);
    });

    it('writes what is new, removes what is gone, and leaves the rest', async () => {
      const lease = await take();
      const first = snapshotOf({ a: '1', b: '2', c: '3' });
      const version = await snapshots.write(lease, first, LEASE);
      // A row that is written again would have its own text again.
      const mark = Buffer.from('untouched');
      await client('kubernetes_contents')
        .where({ digest: digestOf('1') })
        .update({ text: mark });
      const stored = {
        version: version!,
        digests: new Set(first.files.map(({ digest }) => digest)),
      };
      const second = snapshotOf({ a: '1', b: 'two', d: '4' });
      await snapshots.write(lease, second, { ...LEASE, stored });
      expect(await digests()).toEqual(
        second.files.map(({ digest }) => digest).sort(),
      );
      const kept = await client('kubernetes_contents')
        .where({ digest: digestOf('1') })
        .first();
      expect(kept.text.equals(mark)).toBe(true);
    });

    it('has more files than a statement has values', async () => {
      const texts = Object.fromEntries(
        Array.from({ length: 1_234 }, (_, at) => [
          `prod/services/n${String(at).padStart(4, '0')}.yaml`,
          `text ${at}`,
        ]),
      );
      const lease = await take();
      const first = snapshotOf(texts);
      const version = await snapshots.write(lease, first, LEASE);
      expect(await textsIn()).toEqual(texts);
      const stored = {
        version: version!,
        digests: new Set(first.files.map(({ digest }) => digest)),
      };
      await snapshots.write(lease, snapshotOf({}), { ...LEASE, stored });
      expect(await digests()).toEqual([]);
      expect((await load())?.files).toEqual([]);
    });

    it('refuses what somebody writes whose lease is over, and changes nothing', async () => {
      const stale = await take();
      await snapshots.write(stale, snapshotOf({ a: 'old' }), LEASE);
      await runOut();
      const holder = await take();
      await snapshots.write(holder, snapshotOf({ a: 'new' }), LEASE);
      const before = await load();
      expect(
        await snapshots.write(stale, snapshotOf({ a: 'older' }), LEASE),
      ).toBeUndefined();
      expect(await load()).toEqual(before);
      expect(await digests()).toEqual([digestOf('new')]);
    });

    it('shows the whole old state where a new one ends half way', async () => {
      const lease = await take();
      await snapshots.write(lease, snapshotOf({ a: '1', b: '1' }), LEASE);
      const before = await load();
      const { files } = snapshotOf({ a: '2', b: '2' });
      // The last text cannot be stored: the table takes no row without a digest.
      const broken = [...files, { ...files[0], digest: null as never }];
      await expect(
        snapshots.write(
          lease,
          { ...snapshotOf({}), files: broken },
          {
            ...LEASE,
            stored: {
              version: before!.version,
              digests: new Set([digestOf('1')]),
            },
          },
        ),
      ).rejects.toThrow();
      expect(await load()).toEqual(before);
      expect(await digests()).toEqual([digestOf('1')]);
    });

    it('never shows half of two states to those who read meanwhile', async () => {
      const lease = await take();
      let stored: Stored | undefined;
      const write = async (round: number) => {
        const next = snapshotOf(
          Object.fromEntries(
            ['a', 'b', 'c'].map(path => [path, `${path} of ${round}`]),
          ),
        );
        const version = await snapshots.write(lease, next, {
          ...LEASE,
          ...(stored && { stored }),
        });
        const texts = new Set(next.files.map(({ digest }) => digest));
        stored = { version: version!, digests: texts };
      };
      await write(0);
      let isOver = false;
      const seen = new Set<string>();
      const reading = Array.from({ length: 3 }, async () => {
        while (!isOver) {
          const texts = Object.values(await textsIn());
          const rounds = new Set(texts.map(text => text.split(' of ')[1]));
          expect([texts.length, rounds.size]).toEqual([3, 1]);
          rounds.forEach(round => seen.add(round));
        }
      });
      const writing = async () => {
        for (let round = 1; round <= 40; round += 1) await write(round);
        isOver = true;
      };
      await Promise.all([writing(), ...reading]);
      expect(seen.size).toBeGreaterThan(1);
    });

    it('does not fetch what is at hand', async () => {
      await snapshots.write(await take(), snapshotOf({ a: '1' }), LEASE);
      const file = { path: 'a', text: '1', observed: true as const };
      await client('kubernetes_contents').delete();
      const loaded = await snapshots.load(
        'prod',
        new Map([[digestOf('1'), file]]),
      );
      expect(loaded?.files?.[0].file).toBe(file);
      await expect(load()).rejects.toThrow('the text of a is missing');
    });

    it('does not believe a text that is not the one of its digest', async () => {
      await snapshots.write(
        await take(),
        snapshotOf({ a: '1', b: '2' }),
        LEASE,
      );
      const [one] = await client('kubernetes_contents');
      await client('kubernetes_contents').update({ text: one.text });
      await expect(load()).rejects.toThrow(/is another one/);
    });

    it('keeps files of a cluster that is not read yet, and none that were read in another way', async () => {
      const lease = await take();
      await snapshots.write(lease, snapshotOf({ a: '1' }), LEASE);
      const unread = { settings: 'same', problems: ['No.'] };
      await snapshots.write(lease, unread, LEASE);
      expect(await load()).toMatchObject({
        problems: ['No.'],
        files: [{ file: { path: 'a' } }],
      });
      await snapshots.write(lease, { ...unread, settings: 'other' }, LEASE);
      expect(await load()).not.toHaveProperty('files');
      expect(await digests()).toEqual([]);
      expect(await snapshots.glance('prod')).not.toHaveProperty('ageMs');
    });

    it('forgets clusters that nobody has any more', async () => {
      await snapshots.write(await take(), snapshotOf({ a: '1' }), LEASE);
      const other = (await leases.take('other', LEASE.forMs))!;
      await snapshots.write(other, snapshotOf({ a: '2' }), LEASE);
      // While another replica reads it, it is one that has not heard yet.
      await snapshots.keepOnly(['prod']);
      expect(await client('kubernetes_leases').pluck('cluster')).toHaveLength(
        2,
      );
      await runOut();
      await snapshots.keepOnly(['prod']);
      for (const table of ['leases', 'snapshots', 'contents'])
        expect(await client(`kubernetes_${table}`).pluck('cluster')).toEqual([
          'prod',
        ]);
    });
  });
});
