import { ClusterReader } from '@callgate/cluster-reader';
import {
  ApiStub,
  CORE,
  object,
  served,
} from '@callgate/cluster-reader/testUtils';
import type { Knex } from 'knex';
import { setTimeout } from 'node:timers/promises';
import { emptyTables, testDatabases } from '../__testUtils__/databases';
import type { ClusterConfig } from '../config/ClusterConfig';
import { LiveEstateSource } from '../LiveEstateSource';
import { DatabaseLeases } from './DatabaseLeases';
import { DatabaseSnapshots } from './DatabaseSnapshots';
import { migrate } from './migrate';
import type { Timings } from './timings';

jest.setTimeout(120_000);

/** What a reader waits for is a thousandth. */
const soon = (ms: number, signal: AbortSignal) =>
  setTimeout(ms / 1000, undefined, { signal });

/** Replicas look often; a lease lasts for as long as in earnest, and the tests let it run out. */
const OFTEN: Timings = {
  pollMs: 10,
  renewMs: 20,
  settleMs: 10,
  leaseMs: 30_000,
};

async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await setTimeout(5);
}

const SERVICES = 'prod/services/shop.yaml';

describe('replicas that share a database', () => {
  const databases = testDatabases();
  describe.each(databases.eachSupportedId())('%p', id => {
    let client: Knex;
    let stub: ApiStub;
    const sources: LiveEstateSource[] = [];
    beforeAll(async () => {
      client = await databases.init(id);
      await migrate({ getClient: async () => client });
    });
    beforeEach(async () => {
      await emptyTables(client);
      stub = await ApiStub.start(CORE);
      stub.set('services', object('orders'));
      stub.set('networkpolicies', object('closed', { spec: {} }));
    });
    afterEach(async () => {
      await Promise.all(sources.splice(0).map(source => source.stop()));
      await stub.stop();
    });

    /** A replica: its own leases, so that it can die alone. */
    function replica(
      config: Partial<ClusterConfig> = {},
      { now = Date.now, leaseMs = OFTEN.leaseMs } = {},
    ) {
      const leases = DatabaseLeases.create({ client });
      const failures: unknown[] = [];
      const source = new LiveEstateSource({
        configured: {
          clusters: [
            {
              name: 'prod',
              credentials: {
                type: 'token',
                url: stub.url,
                token: 'secret-token',
                skipTLSVerify: false,
              },
              exclude: [],
              resyncMs: 3_600_000,
              ...config,
            },
          ],
          agents: [],
          refused: [],
          notes: [],
        },
        now,
        random: () => 0.5,
        wait: soon,
        shared: {
          leases,
          snapshots: DatabaseSnapshots.create({ client, leases }),
          timings: { ...OFTEN, leaseMs },
          onFailure: error => failures.push(error),
        },
      });
      sources.push(source);
      source.start();
      /** Ends as a process does that is killed: it gives nothing back. */
      const kill = () => {
        jest.spyOn(leases, 'release').mockResolvedValue();
        return source.stop();
      };
      return { source, leases, failures, kill };
    }

    const problemsOf = async (source: LiveEstateSource) =>
      (await source.read()).problems;
    const isRead = (source: LiveEstateSource) => async () =>
      (await problemsOf(source)).length === 0;
    const filesOf = async (source: LiveEstateSource) =>
      (await source.read()).clusters[0]?.files;
    const services = async (source: LiveEstateSource) =>
      (await filesOf(source))?.find(({ path }) => path === SERVICES)?.text;
    const has = (source: LiveEstateSource, name: string) => async () =>
      (await services(source))?.includes(`"${name}"`);
    /** A list that is under way has no part in it, and the stub tells nobody afterwards what it told others before. */
    const change = async () => {
      await until(() => stub.isWatched('services'));
      stub.set('services', object('payments'));
    };
    const lists = () =>
      stub.asked.filter(each => /\/services(\?limit.*)?$/.test(each)).length;
    const runOut = () =>
      client('kubernetes_leases').update({ leased_until: 0 });
    const holder = async (): Promise<string | null> =>
      (await client('kubernetes_leases').first()).holder;
    /** The snapshot is the one of a while ago. */
    const age = (ms: number) =>
      client('kubernetes_leases').update({
        as_of: client.raw('as_of - ?', [ms]),
      });
    const isWritten = async () =>
      (await client('kubernetes_snapshots').first())?.manifest;

    it('have one of them read, and answer the same', async () => {
      const one = replica();
      await until(isRead(one.source));
      const two = replica();
      await until(isRead(two.source));
      expect(await filesOf(two.source)).toEqual(await filesOf(one.source));
      await change();
      await until(has(two.source, 'payments'));
      stub.remove('services', object('orders'));
      await until(async () => !(await has(two.source, 'orders')()));
      expect(await filesOf(two.source)).toEqual(await filesOf(one.source));
      expect(lists()).toBe(1);
      expect(stub.asked.filter(each => /pods.*watch/.test(each))).toHaveLength(
        1,
      );
      expect([...one.failures, ...two.failures]).toEqual([]);
    });

    it('call back where another one read a change, and keep what is the same', async () => {
      const one = replica();
      await until(isRead(one.source));
      const two = replica();
      await until(isRead(two.source));
      const policies = async () =>
        (await filesOf(two.source))!.find(({ path }) =>
          path.includes('networkpolicies'),
        );
      const before = await policies();
      const heard = jest.fn();
      two.source.onChange(heard);
      await change();
      await until(() => heard.mock.calls.length > 0);
      await until(has(two.source, 'payments'));
      expect(await policies()).toBe(before);
    });

    it('go on when the one that reads is killed', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      const first = await holder();
      const two = replica();
      await until(isRead(two.source));
      await one.kill();
      stub.set('services', object('payments'));
      // Nobody knows yet that it is dead.
      expect(await holder()).toBe(first);
      expect(lists()).toBe(1);
      await runOut();
      await until(has(two.source, 'payments'));
      await until(isRead(two.source));
      expect(lists()).toBe(2);
      expect(await holder()).not.toBe(first);
    });

    it('go on at once when the one that reads ends in an orderly way', async () => {
      const one = replica();
      await until(isRead(one.source));
      const two = replica();
      await until(isRead(two.source));
      await one.source.stop();
      await until(() => lists() === 2);
      await until(isRead(two.source));
      await change();
      await until(has(two.source, 'payments'));
      expect(lists()).toBe(2);
    });

    it('stop reading and writing where the lease is lost', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      await until(() => stub.isWatched('services'));
      const { version } = await client('kubernetes_snapshots').first();
      await client('kubernetes_leases').update({ holder: 'another' });
      await until(() => !stub.isWatched('services'));
      // It follows the other one now, which has written nothing.
      stub.set('services', object('payments'));
      expect(await has(one.source, 'payments')()).toBe(false);
      expect((await client('kubernetes_snapshots').first()).version).toBe(
        version,
      );
      expect(await holder()).toBe('another');
    });

    it('notice a lost lease also when they write', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      await until(() => stub.isWatched('services'));
      // Keeping it would tell them first.
      jest
        .spyOn(one.leases, 'renew')
        .mockImplementation(async (_lease, _options, transaction) =>
          transaction ? false : true,
        );
      stub.set('services', object('payments'));
      await until(() => !stub.isWatched('services'));
      expect(await services(one.source)).toBeDefined();
    });

    it('go on showing what was read last while a new kind is being read', async () => {
      const before = replica();
      await until(isRead(before.source));
      await until(isWritten);
      await before.source.stop();
      await age(3_600_000);
      const one = replica();
      await until(isRead(one.source));
      await change();
      await until(has(one.source, 'payments'));
      stub.refuse('list authorizationpolicies', { status: 503 });
      stub.kinds = [
        ...CORE,
        served(
          'security.istio.io',
          'v1',
          'authorizationpolicies',
          'AuthorizationPolicy',
        ),
      ];
      await until(async () => !(await isRead(one.source)()));
      // Not what the last process left behind.
      expect(await has(one.source, 'payments')()).toBe(true);
      expect((await problemsOf(one.source))[0]).toContain(
        'asked to list authorizationpolicies: 503',
      );
      stub.admit('list authorizationpolicies');
      await until(isRead(one.source));
    });

    it('answer at once after a start, and say how old that is until it was read again', async () => {
      const before = replica();
      await until(isRead(before.source));
      await until(isWritten);
      const files = await filesOf(before.source);
      await before.source.stop();
      await age(4 * 60_000);
      stub.refuse('all', { status: 503 });
      const after = replica();
      const reading = await after.source.read();
      expect(reading.clusters).toEqual([{ name: 'prod', files }]);
      const problem =
        'The cluster prod is shown as it was 4 minutes ago: it has not been read since. Nothing is proposed for it until it is.';
      expect(reading.unread).toEqual([{ cluster: 'prod', problem }]);
      // Why it is not read comes to it.
      await until(async () =>
        (await problemsOf(after.source)).some(each => each.includes('503')),
      );
      expect(await problemsOf(after.source)).toContain(problem);
      expect(await filesOf(after.source)).toEqual(files);
      // Another replica says the same, though it does not read.
      const other = replica();
      await until(async () =>
        (await problemsOf(other.source)).some(each => each.includes('503')),
      );
      stub.admit('all');
      await until(isRead(after.source));
      await until(isRead(other.source));
    });

    it('say so where nobody vouches for a snapshot any more', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      const two = replica();
      await until(isRead(two.source));
      await one.kill();
      await age(61_000);
      await until(async () =>
        (
          await problemsOf(two.source)
        ).some(each => each.includes('as it was 1 minute ago')),
      );
      expect(await services(two.source)).toBeDefined();
    });

    it('say the same of what cannot be read', async () => {
      stub.refuse('list services', { status: 403 });
      const one = replica();
      const two = replica();
      const missing = /does not let Callgate list services/;
      for (const { source } of [one, two])
        await until(async () => missing.test(String(await problemsOf(source))));
      await until(isWritten);
      stub.admit('list services');
      for (const { source } of [one, two]) {
        await until(isRead(source));
        await until(has(source, 'orders'));
      }
      expect([...one.failures, ...two.failures]).toEqual([]);
    });

    it('do not take what was read with other settings', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      const two = replica({ exclude: ['shop'] });
      expect(await two.source.read()).toMatchObject({
        clusters: [],
        problems: [expect.stringContaining('has other settings for it')],
      });
      const settings = async () =>
        (await client('kubernetes_snapshots').first()).settings;
      const before = await settings();
      await one.source.stop();
      await until(isRead(two.source));
      expect(await services(two.source)).toBeUndefined();
      await until(
        async () => (await settings()) !== before && (await isWritten()),
      );
      // A new token is no other setting.
      const three = replica({
        exclude: ['shop'],
        credentials: {
          type: 'token',
          url: stub.url,
          token: 'another',
          skipTLSVerify: false,
        },
      });
      expect(await problemsOf(three.source)).toEqual([]);
    });

    it('read anew what is damaged in the database, and mend it', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      await one.source.stop();
      const damaged = Buffer.from('no gzip');
      await client('kubernetes_contents').update({ text: damaged });
      const isMended = async () =>
        (await client('kubernetes_contents').pluck('text')).every(
          text => !damaged.equals(text),
        );
      const two = replica();
      await until(isRead(two.source));
      expect(two.failures).toHaveLength(1);
      await until(isMended);
      const three = replica();
      await until(isRead(three.source));
      expect(await filesOf(three.source)).toEqual(await filesOf(two.source));
      expect(three.failures).toEqual([]);
    });

    it('remove snapshots of clusters that are not configured any more', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      await one.source.stop();
      replica({ name: 'other' });
      const rows = (table: string) =>
        client(`kubernetes_${table}`).where({ cluster: 'prod' });
      await until(async () => (await rows('snapshots')).length === 0);
      expect(await rows('contents')).toEqual([]);
    });

    it('write anew what a database lacks that was restored, and vouch for nothing else', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      const of = (table: string) => client(`kubernetes_${table}`);
      const [old] = await of('snapshots');
      const texts = await of('contents');
      await change();
      await until(async () => (await of('contents')).length > 0);
      await until(async () => {
        const [now] = await of('snapshots');
        return (
          now.version !== old.version && !now.manifest.equals(old.manifest)
        );
      });
      const [written] = await of('snapshots');
      // The lease is the same one, and the snapshot that of before.
      await client.transaction(async trx => {
        await trx('kubernetes_snapshots').update(old);
        await trx('kubernetes_contents').delete();
        await trx('kubernetes_contents').insert(texts);
      });
      await until(async () => {
        const [now] = await of('snapshots');
        return now.manifest.equals(written.manifest);
      });
      const two = replica();
      await until(has(two.source, 'payments'));
      expect(await filesOf(two.source)).toEqual(await filesOf(one.source));
      expect(two.failures).toEqual([]);
    });

    it('say so where the clock of the database was put back, and follow who died before', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      const two = replica();
      await until(isRead(two.source));
      const take = jest.spyOn(two.leases, 'take').mockResolvedValue(undefined);
      await one.kill();
      const hour = (column: string) =>
        client.raw('?? + ?', [column, 3_600_000]);
      await client('kubernetes_leases').update({
        as_of: hour('as_of'),
        leased_until: hour('leased_until'),
      });
      await until(async () =>
        String(await problemsOf(two.source)).includes(
          'as it was at a time that is not known',
        ),
      );
      take.mockRestore();
      await until(isRead(two.source));
      expect(await services(two.source)).toBeDefined();
    });

    it('do not read twice where a state cannot be made into files', async () => {
      const one = replica();
      await until(isRead(one.source));
      await until(isWritten);
      await until(() => stub.isWatched('services'));
      jest
        .spyOn(ClusterReader.prototype, 'state')
        .mockImplementationOnce(() => {
          throw new RangeError('Invalid string length');
        });
      await until(() => one.failures.length > 0);
      await until(() => !stub.isWatched('services'));
      await runOut();
      await until(() => lists() === 2);
      await until(isRead(one.source));
      await change();
      await until(has(one.source, 'payments'));
      expect(
        stub.asked.filter(each => /services.*watch/.test(each)),
      ).toHaveLength(2);
    });

    it('say that the database does not answer, and begin when it does', async () => {
      const one = replica();
      const take = jest
        .spyOn(one.leases, 'take')
        .mockRejectedValue(new Error('no database'));
      await until(async () =>
        /database does not answer/.test(String(await problemsOf(one.source))),
      );
      expect(one.failures[0]).toEqual(new Error('no database'));
      take.mockRestore();
      await until(isRead(one.source));
    });

    it('stop reading when the lease cannot be kept for as long as it lasts', async () => {
      let late = 0;
      const one = replica({}, { now: () => Date.now() + late });
      await until(isRead(one.source));
      await until(isWritten);
      await until(() => stub.isWatched('services'));
      const renew = jest
        .spyOn(one.leases, 'renew')
        .mockRejectedValue(new Error('no database'));
      jest
        .spyOn(one.leases, 'take')
        .mockRejectedValue(new Error('no database'));
      await until(() => renew.mock.calls.length > 3);
      expect(stub.isWatched('services')).toBe(true);
      late = OFTEN.leaseMs;
      await until(() => !stub.isWatched('services'));
      stub.set('services', object('payments'));
      // Whoever takes the lease reads it.
      const two = replica();
      await runOut();
      await until(async () => (await holder()) !== null);
      await until(has(two.source, 'payments'));
    });

    it('stop reading when the database does not answer at all for so long', async () => {
      const one = replica({}, { leaseMs: 1_000 });
      await until(isRead(one.source));
      await until(() => stub.isWatched('services'));
      jest
        .spyOn(one.leases, 'renew')
        // A transaction that never ends would keep the test from closing the database.
        .mockImplementation(async (_lease, _options, transaction) =>
          transaction ? false : new Promise<boolean>(() => undefined),
        );
      await until(() => !stub.isWatched('services'));
      // What it has read it has still, also when it has looked again.
      for (let looks = 0; looks < 20; looks += 1) {
        expect(await services(one.source)).toBeDefined();
        await setTimeout(OFTEN.pollMs);
      }
    });
  });
});
