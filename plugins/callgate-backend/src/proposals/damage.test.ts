import { TestDatabases } from '@backstage/backend-test-utils';
import type { Forge } from '@callgate/plugin-callgate-node';
import fs from 'node:fs';
import path from 'node:path';
import {
  BRANCH,
  ORDERS,
  POLICY,
  ProposalBench,
} from './__testUtils__/ProposalBench';
import type { OutboxRow, ProposalStore } from './types';

jest.setTimeout(120_000);

const STOCK = 'api:default/stock';

function memberOf(object: object, property: string | symbol): unknown {
  const value = Reflect.get(object, property, object);
  return typeof value === 'function' ? value.bind(object) : value;
}

/** The same object, with another method. */
function instead<T extends object>(
  object: T,
  method: keyof T,
  other: (...args: never[]) => Promise<unknown>,
): T {
  return new Proxy(object, {
    get: (target, property) =>
      property === method ? other : memberOf(target, property),
  });
}

describe('one damaged record', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const damageRow = (table: string, where: object, column: string) =>
    bench
      .client(table)
      .where(where)
      .update({ [column]: '{"operations": [' });
  const build = () => bench.backend().worker.runOnce();
  const merge = async (number: number) => {
    const repository = await bench.repository();
    const { head } = await repository.readPullRequest(number);
    return repository.portalReviews!.merge(number, {
      by: 'user:default/petra',
      head,
    });
  };

  it('of a merged pull request does not stop new ones', async () => {
    await bench.approved();
    await build();
    await merge(1);
    await bench.backend().worker.syncOnce();
    fs.writeFileSync(path.join(bench.root, 'data/pull-requests/1.json'), '{');
    const id = await bench.approved({ caller: 'component:default/cart' });
    await build();
    expect(await bench.stateOf(id)).toBe('proposed');
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      number: 2,
    });
  });

  it('of an open pull request says so where people look, and who mends it', async () => {
    await bench.approved();
    await build();
    fs.writeFileSync(path.join(bench.root, 'data/pull-requests/1.json'), '');
    const id = await bench.approved({ caller: 'component:default/cart' });
    await build();
    expect(await bench.stateOf(id)).toBe('approved');
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      number: 1,
      problem: {
        code: 'repository-damaged',
        text: expect.stringContaining('pull-requests/1.json is damaged'),
      },
    });
  });

  it('of a proposal is written anew by the next build, with the same pull request', async () => {
    const id = await bench.approved();
    await build();
    await damageRow('proposals', { api_ref: ORDERS }, 'record');
    await bench.backend().worker.syncOnce();
    await build();
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      number: 1,
      forge: 'local',
      requestIds: [id],
      state: 'open',
    });
    expect((await bench.store.currentProposal(ORDERS))?.damaged).toBe(
      undefined,
    );
  });

  it('of a proposal does not stop the settling of others', async () => {
    await bench.approved();
    await build();
    await merge(1);
    // An open proposal of another API, older than ours.
    await bench.client('proposals').insert({
      id: '01J00000000000000000000000',
      api_ref: STOCK,
      state: 'open',
      record: 'x',
      version: 1,
      created_at: 1,
      updated_at: 1,
    });
    await bench.backend().worker.syncOnce();
    expect(await bench.store.currentProposal(ORDERS)).toBeUndefined();
  });

  it('of a request is left out and told of, while the others of its API go on', async () => {
    const damaged = await bench.approved();
    const sound = await bench.approved({ caller: 'component:default/cart' });
    await damageRow('access_requests', { id: damaged }, 'draft');
    await build();
    expect([await bench.stateOf(damaged), await bench.stateOf(sound)]).toEqual([
      'approved',
      'proposed',
    ]);
    expect(bench.git('show', `${BRANCH}:${POLICY}`)).not.toContain(damaged);
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      requestIds: [sound],
      problem: {
        code: 'record-damaged',
        text: expect.stringContaining('request 1 cannot be read'),
      },
    });
  });

  it('of the only request leaves its pull request open, and says why nothing happens', async () => {
    const id = await bench.approved();
    await build();
    await damageRow('access_requests', { id }, 'shown');
    await bench.store.enqueue(ORDERS);
    await build();
    expect(await (await bench.repository()).readPullRequest(1)).toMatchObject({
      state: 'open',
    });
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      state: 'open',
      problem: { code: 'record-damaged' },
    });
  });

  it('of Git, the head of a branch, stops the proposal of its API and no other', async () => {
    await bench.approved();
    await build();
    const head = bench.git('rev-parse', BRANCH).trim();
    const file = path.join(
      bench.root,
      'data/policies.git/objects',
      head.slice(0, 2),
      head.slice(2),
    );
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, '');
    await bench.store.enqueue(ORDERS);
    await bench.store.enqueue(STOCK);
    await build();
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      problem: {
        code: 'repository-damaged',
        text: expect.stringContaining(head.slice(0, 12)),
      },
    });
    expect(await bench.outbox()).toMatchObject([{ api_ref: ORDERS }]);
  });

  it('of the outbox, which cannot be postponed, does not stop the rows after it', async () => {
    await bench.approved();
    const first = 'api:default/a-first';
    await bench.store.enqueue(first);
    await bench
      .client('outbox')
      .where({ api_ref: first })
      .update({ due_at: 0 });
    const broken = (name: 'finish' | 'postpone', store: ProposalStore) =>
      instead(store, name, async (row: OutboxRow, ...rest: never[]) => {
        if (row.api === first)
          throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        return (memberOf(store, name) as (...args: unknown[]) => unknown)(
          row,
          ...rest,
        );
      });
    const store = broken('finish', broken('postpone', bench.store));
    await bench.backend({ store }).worker.runOnce();
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      state: 'open',
    });
  });
});

describe('a full disk', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let bench: ProposalBench;
  beforeEach(async () => {
    bench = await ProposalBench.create(await databases.init('SQLITE_3'));
  });
  afterEach(() => bench.close());

  const full = () =>
    Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });

  /** The local forge, whose disk takes no object. */
  function fullDisk(): Forge {
    const forge = bench.forge();
    return {
      id: forge.id,
      reviewsInPortal: true,
      connect: async target => {
        const repository = await forge.connect(target);
        const store = instead(repository.store, 'commit', () =>
          Promise.reject(full()),
        );
        return new Proxy(repository, {
          get: (object, property) =>
            property === 'store' ? store : memberOf(object, property),
        });
      },
    };
  }

  it('is said in a sentence on the proposal, and what was stuck goes on when there is room', async () => {
    const id = await bench.approved();
    await bench.backend({ forge: fullDisk() }).worker.runOnce();
    expect(await bench.store.currentProposal(ORDERS)).toMatchObject({
      state: 'building',
      problem: {
        code: 'storage-failed',
        text: 'Nothing can be written to the data directory: no space is left. The platform team has to make room; Callgate tries again by itself.',
        tellable: true,
      },
    });
    bench.now += 5_000;
    await bench.backend().worker.runOnce();
    expect(await bench.stateOf(id)).toBe('proposed');
    const { problem } = (await bench.store.currentProposal(ORDERS))!;
    expect(problem).toBeUndefined();
  });

  it('is known to the process where the database cannot take the note either', async () => {
    await bench.approved();
    const refuse = () =>
      Promise.reject(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }));
    const store = instead(
      instead(bench.store, 'saveProposal', refuse),
      'postpone',
      refuse,
    );
    const { worker } = bench.backend({ store });
    await worker.runOnce();
    expect(worker.problemOf(ORDERS)).toMatchObject({
      code: 'storage-failed',
      text: expect.stringContaining('the database: no space is left'),
    });
  });
});
