import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BareGitStore } from './BareGitStore';

const changes = (files: Record<string, string | undefined>) =>
  new Map(Object.entries(files));

describe('BareGitStore', () => {
  let directory: string;
  let store: BareGitStore;
  let first: string;
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', directory, ...args], {
      encoding: 'utf8',
    });

  beforeEach(async () => {
    directory = path.join(
      fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-git-')),
      'policies.git',
    );
    store = await BareGitStore.open(directory);
    first = await store.commit({
      parents: [],
      changes: changes({
        'README.md': 'hello\n',
        'policies/default/orders.yaml': 'a\nb\nc\nd\ne\n',
      }),
      message: 'First',
      timestamp: 1_700_000_000,
    });
    await store.moveBranch('main', first, undefined);
  });
  afterEach(() => fs.rmSync(path.dirname(directory), { recursive: true }));

  it('lists links, and writes a file in the place of one', async () => {
    const blob = execFileSync(
      'git',
      ['--git-dir', directory, 'hash-object', '-w', '--stdin'],
      { input: 'a.yaml', encoding: 'utf8' },
    ).trim();
    const tree = execFileSync('git', ['--git-dir', directory, 'mktree'], {
      input: `120000 blob ${blob}\tb.yaml\n`,
      encoding: 'utf8',
    }).trim();
    const linked = git('commit-tree', tree, '-m', 'Link').trim();
    expect([...(await store.links(linked))]).toEqual([['b.yaml', 'a.yaml']]);
    expect([...(await store.links(first))]).toEqual([]);
    const edited = await store.commit({
      parents: [linked],
      changes: changes({ 'b.yaml': 'text' }),
      message: 'Edit',
      timestamp: 1_700_000_000,
    });
    expect([...(await store.links(edited))]).toEqual([]);
    expect(await store.readFile(edited, 'b.yaml')).toBe('text');
  });

  it('says of an object that cannot be read that the repository is damaged', async () => {
    const file = path.join(
      directory,
      'objects',
      first.slice(0, 2),
      first.slice(2),
    );
    fs.chmodSync(file, 0o600);
    const head = first;
    for (const bytes of ['', 'no object']) {
      fs.writeFileSync(file, bytes);
      const opened = await BareGitStore.open(directory);
      for (const read of [
        () => opened.readCommit(head),
        () => opened.readFiles(head),
        () => opened.log(head),
      ]) {
        await expect(read()).rejects.toMatchObject({
          code: 'repository-damaged',
          message: expect.stringContaining(head.slice(0, 12)),
        });
      }
    }
  });

  const change = (files: Record<string, string | undefined>, parent = first) =>
    store.commit({
      parents: [parent],
      changes: changes(files),
      message: 'Change',
      timestamp: 1_700_000_001,
    });

  it('writes what git itself reads, checks and clones', async () => {
    const second = await change({
      'policies/default/cart.yaml': 'x\n',
      'README.md': undefined,
    });
    await store.moveBranch('main', second, first);
    expect(git('fsck', '--strict')).toBe('');
    expect(git('log', '--format=%an %s', 'main')).toBe(
      'Callgate Change\nCallgate First\n',
    );
    const clone = path.join(path.dirname(directory), 'clone');
    execFileSync('git', ['clone', '-q', '-b', 'main', directory, clone]);
    expect(fs.readdirSync(path.join(clone, 'policies/default')).sort()).toEqual(
      ['cart.yaml', 'orders.yaml'],
    );
    expect(fs.existsSync(path.join(clone, 'README.md'))).toBe(false);
  });

  it('reads the files below the folders that were asked for, and nothing beside them', async () => {
    const second = await change({ 'policies2/x.yaml': 'x\n' });
    expect([...(await store.readFiles(second, ['policies'])).keys()]).toEqual([
      'policies/default/orders.yaml',
    ]);
    expect(await store.readFile(second, 'policies2/x.yaml')).toBe('x\n');
    expect(await store.readFile(second, 'policies2/y.yaml')).toBeUndefined();
    expect(await store.changes(first, second)).toEqual([
      { path: 'policies2/x.yaml', before: undefined, after: 'x\n' },
    ]);
  });

  it('keeps bytes that are not text, and makes no commit when nothing changes', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const oid = execFileSync(
      'git',
      ['--git-dir', directory, 'hash-object', '-w', '--stdin'],
      { input: bytes, encoding: 'utf8' },
    ).trim();
    const tree = execFileSync('git', ['--git-dir', directory, 'mktree'], {
      input: `100755 blob ${oid}\tlogo.bin\n`,
      encoding: 'utf8',
    }).trim();
    const foreign = git(
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@localhost',
      'commit-tree',
      '-m',
      'x',
      tree,
    ).trim();
    const next = await change({ 'a/b': 'text\n' }, foreign);
    expect([...(await store.readFiles(next)).keys()]).toEqual(['a/b']);
    expect(git('ls-tree', next)).toContain(`100755 blob ${oid}\tlogo.bin`);
    expect(await change({ 'a/b': 'text\n' }, next)).toBe(next);
  });

  it('moves a branch only from where the caller saw it', async () => {
    const second = await change({ a: '1' });
    const other = await change({ a: '2' });
    const outcomes = await Promise.allSettled([
      store.moveBranch('main', second, first),
      store.moveBranch('main', other, first),
    ]);
    expect(outcomes.map(o => o.status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    const refused = outcomes.find(
      o => o.status === 'rejected',
    ) as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({
      name: 'ConflictError',
      code: 'branch-moved',
    });
    expect([second, other]).toContain(await store.head('main'));
    await expect(store.moveBranch('new', second, first)).rejects.toMatchObject({
      code: 'branch-moved',
    });
    expect(await store.head('new')).toBeUndefined();
  });

  it('breaks a lock that a process left behind when it ended', async () => {
    const lock = path.join(directory, 'refs/heads/main.lock');
    fs.writeFileSync(lock, '');
    fs.utimesSync(lock, new Date(0), new Date(0));
    const second = await change({ a: '1' });
    await store.moveBranch('main', second, first);
    expect(await store.head('main')).toBe(second);
    expect(fs.existsSync(lock)).toBe(false);
  });

  it('merges changes of different files and of different lines, and names files where both changed the same lines', async () => {
    const ours = await change({
      'policies/default/orders.yaml': 'A\nb\nc\nd\ne\n',
      'mine.txt': 'm\n',
      same: 'x\n',
    });
    const theirs = await change({
      'policies/default/orders.yaml': 'a\nb\nc\nd\nE\n',
      same: 'x\n',
      'README.md': undefined,
    });
    expect(await store.merge(ours, theirs)).toEqual({
      files: changes({
        'README.md': undefined,
        'policies/default/orders.yaml': 'A\nb\nc\nd\nE\n',
      }),
      conflicts: [],
    });
    const clash = await change({
      'policies/default/orders.yaml': 'Z\nb\nc\nd\ne\n',
      same: 'y\n',
    });
    expect(await store.merge(ours, clash)).toEqual({
      files: new Map(),
      conflicts: ['policies/default/orders.yaml', 'same'],
    });
  });

  it.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    '.git/config',
    'a/.GIT/hooks/x',
    'a//b',
    'a\\b',
    'a\u0000',
    'git~1/x',
    '.git./x',
    'a\u202eb',
    '',
  ])('refuses the path %j, and writes nothing', async bad => {
    await expect(change({ [bad]: 'x' })).rejects.toThrow(
      /cannot be used in the policy repository/,
    );
    await expect(store.moveBranch(bad, first, undefined)).rejects.toThrow();
  });

  it('lists the commits that a branch has and its base has not', async () => {
    const second = await change({ a: '1' });
    const third = await change({ a: '2' }, second);
    expect((await store.log(third, first)).map(c => c.id)).toEqual([
      third,
      second,
    ]);
    expect((await store.readCommit(first)).at).toBe('2023-11-14T22:13:20.000Z');
  });
});
