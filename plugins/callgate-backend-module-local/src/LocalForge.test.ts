import { mockServices } from '@backstage/backend-test-utils';
import {
  type ForgeRepository,
  forgeError,
} from '@callgate/plugin-callgate-node';
import { forgeConformance } from '@callgate/plugin-callgate-node/testing';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LocalForge } from './LocalForge';

const TARGET = { url: 'local://policies', branch: 'main' };
const FILE = 'policies/default/orders.yaml';
const BRANCH = 'callgate/default/orders';

describe('LocalForge', () => {
  let root: string;
  let data: string;
  let seed: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-local-'));
    data = path.join(root, 'data');
    seed = path.join(root, 'seed');
    fs.mkdirSync(path.join(seed, 'policies/default'), { recursive: true });
    fs.writeFileSync(path.join(seed, FILE), 'a\nb\nc\nd\ne\n');
    fs.writeFileSync(path.join(seed, 'README.md'), 'Policies\n');
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  const directory = () => path.join(data, 'policies.git');
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', directory(), ...args], {
      encoding: 'utf8',
    });
  const connect = () =>
    new LocalForge({ directory: data, seed }).connect(TARGET);

  /** Somebody who has looked at a pull request. */
  const shown = async (
    repository: ForgeRepository,
    number: number,
    by = 'user:default/petra',
  ) => ({ by, head: (await repository.readPullRequest(number)).head });

  async function openedPullRequest(
    repository: ForgeRepository,
    text = 'a\nb\nc\nd\nE\n',
  ) {
    const tip = await repository.fetch('main');
    const commit = await repository.store.commit({
      parents: [tip!],
      changes: new Map([[FILE, text]]),
      message: 'Change',
      timestamp: 1_800_000_000,
    });
    await repository.push(BRANCH, commit, await repository.fetch(BRANCH));
    return repository.openPullRequest({
      branch: BRANCH,
      base: 'main',
      title: 'T',
      body: 'B',
      reviewers: [],
    });
  }

  it.each(['', '{"number": 1, "sta', '[]', '{"number": 1}', 'null'])(
    'goes on with other pull requests where the file of one is damaged: %j',
    async text => {
      const repository = await connect();
      await openedPullRequest(repository);
      await repository.portalReviews!.merge(1, await shown(repository, 1));
      fs.writeFileSync(path.join(data, 'pull-requests/1.json'), text);
      const again = await connect();
      const second = await openedPullRequest(again, 'A\nb\nc\nd\nE\n');
      expect(second).toMatchObject({ number: 2, state: 'open' });
      expect(await again.findPullRequest(BRANCH)).toMatchObject({ number: 2 });
      await expect(again.readPullRequest(1)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        code: 'repository-damaged',
        message: expect.stringContaining('pull-requests/1.json is damaged'),
      });
    },
  );

  it.each(forgeConformance)('$name', async ({ run }) => {
    const repository = await connect();
    await run({
      repository,
      directory: directory(),
      merge: async number => {
        await repository.portalReviews!.merge(
          number,
          await shown(repository, number),
        );
      },
    });
  });

  it('starts from the seed as a repository that git checks, shows and clones', async () => {
    await connect();
    expect(git('fsck', '--strict')).toBe('');
    expect(git('log', '--format=%s')).toBe(
      'Start the policy repository from its seed\n',
    );
    execFileSync(
      'git',
      ['clone', '-q', directory(), path.join(root, 'clone')],
      { stdio: 'pipe' },
    );
    expect(fs.readFileSync(path.join(root, 'clone', FILE), 'utf8')).toBe(
      'a\nb\nc\nd\ne\n',
    );
  });

  it('starts with a README where there is no seed', async () => {
    await new LocalForge({ directory: data }).connect(TARGET);
    expect(git('ls-tree', '-r', '--name-only', 'main')).toBe('README.md\n');
  });

  it('keeps what is there at the next start, whatever the seed has become', async () => {
    const pull = await openedPullRequest(await connect());
    fs.writeFileSync(path.join(seed, FILE), 'changed\n');
    const repository = await connect();
    expect(
      await repository.store.readFile((await repository.fetch('main'))!, FILE),
    ).toBe('a\nb\nc\nd\ne\n');
    expect((await repository.readPullRequest(pull.number)).state).toBe('open');
  });

  it('says once for each start that a seed is not read, because the repository is there', async () => {
    const logger = mockServices.logger.mock();
    const start = () =>
      new LocalForge({ directory: data, seed, logger }).connect(TARGET);
    await start();
    expect(logger.info).not.toHaveBeenCalled();
    await start();
    expect(logger.info.mock.calls).toEqual([
      [
        `The policy repository ${directory()} is there already, so callgate.policyRepository.seed (${seed}) is not read: ` +
          'a seed is the first commit of a new repository. What changed in it since goes in by a pull request.',
      ],
    ]);
  });

  it('says nothing of a seed where none is configured', async () => {
    const logger = mockServices.logger.mock();
    const start = () =>
      new LocalForge({ directory: data, logger }).connect(TARGET);
    await start();
    await start();
    expect(logger.info).not.toHaveBeenCalled();
  });

  it('names the target branch as the one that clones begin with', async () => {
    await new LocalForge({ directory: data, seed }).connect({
      ...TARGET,
      branch: 'live',
    });
    expect(git('symbolic-ref', 'HEAD')).toBe('refs/heads/live\n');
  });

  it('says which seed cannot be read, and leaves nothing behind', async () => {
    const forge = new LocalForge({
      directory: data,
      seed: path.join(root, 'none'),
    });
    fs.mkdirSync(data);
    await expect(forge.connect(TARGET)).rejects.toThrow(
      /seed of the policy repository cannot be read.*none/,
    );
    expect(fs.readdirSync(data)).toEqual([]);
  });

  it('makes one repository when two start at the same moment', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    expect(await first.fetch('main')).toBe(await second.fetch('main'));
    expect(git('fsck', '--strict')).toBe('');
    expect(fs.readdirSync(data).sort()).toEqual([
      'policies.git',
      'pull-requests',
    ]);
  });

  it('says which head was reviewed, and drops no review with the next one', async () => {
    const repository = await connect();
    const { number, head } = await openedPullRequest(repository);
    const petra = await shown(repository, number);
    const sven = await shown(repository, number, 'user:default/sven');
    await repository.portalReviews!.review(number, {
      ...petra,
      decision: 'approved',
    });
    await repository.portalReviews!.review(number, {
      ...sven,
      decision: 'changes-requested',
      comment: 'Too wide',
      about: ['r1'],
    });
    const reviews = [
      { ...petra, decision: 'approved' },
      { ...sven, decision: 'changes-requested', about: ['r1'] },
    ];
    const read = async () => (await repository.readPullRequest(number)).reviews;
    expect(await read()).toMatchObject(reviews);
    const next = await openedPullRequest(repository, 'other\n');
    expect(next.head).not.toBe(head);
    expect(await read()).toMatchObject(reviews);
  });

  it('merges and reviews the head that was shown, and no other', async () => {
    const repository = await connect();
    const { number } = await openedPullRequest(repository);
    const petra = await shown(repository, number);
    await openedPullRequest(repository, 'other\n');
    const changed = { code: 'head-changed' };
    await expect(
      repository.portalReviews!.merge(number, petra),
    ).rejects.toMatchObject(changed);
    await expect(
      repository.portalReviews!.review(number, {
        ...petra,
        decision: 'approved',
      }),
    ).rejects.toMatchObject(changed);
    expect(git('show', `main:${FILE}`)).toBe('a\nb\nc\nd\ne\n');
    expect((await repository.readPullRequest(number)).reviews).toEqual([]);
  });

  it('merges what was shown and not what is pushed meanwhile', async () => {
    const repository = await connect();
    const { number, head } = await openedPullRequest(repository);
    const petra = await shown(repository, number);
    const theirs = await repository.store.commit({
      parents: [head],
      changes: new Map([[FILE, 'theirs\n']]),
      message: 'Theirs',
      timestamp: 1_800_000_000,
    });
    const merge = repository.store.merge.bind(repository.store);
    repository.store.merge = async (...args) => {
      repository.store.merge = merge;
      await repository.push(BRANCH, theirs, head);
      return merge(...args);
    };
    await repository.portalReviews!.merge(number, petra);
    expect(git('show', `main:${FILE}`)).toBe('a\nb\nc\nd\nE\n');
    // What was pushed is not lost either.
    expect(await repository.fetch(BRANCH)).toBe(theirs);
  });

  it('takes an objection along to the next pull request of the branch, unless it was taken back', async () => {
    const repository = await connect();
    const { number } = await openedPullRequest(repository);
    const object = async (by: string) =>
      repository.portalReviews!.review(number, {
        ...(await shown(repository, number, by)),
        decision: 'changes-requested',
        about: ['r1'],
      });
    await object('user:default/petra');
    await object('user:default/pavel');
    await repository.portalReviews!.review(number, {
      ...(await shown(repository, number)),
      decision: 'withdrawn',
      of: 'user:default/pavel',
      comment: 'Settled',
    });
    await repository.closePullRequest(number, 'Cannot be built.');
    const next = await openedPullRequest(repository);
    expect(next.number).not.toBe(number);
    expect(next.reviews).toMatchObject([
      {
        by: 'user:default/petra',
        decision: 'changes-requested',
        about: ['r1'],
      },
    ]);
  });

  it('names the files in conflict and merges nothing', async () => {
    const repository = await connect();
    const { number } = await openedPullRequest(
      repository,
      'a\nb\nmine\nd\ne\n',
    );
    const tip = await repository.fetch('main');
    const theirs = await repository.store.commit({
      parents: [tip!],
      changes: new Map([[FILE, 'a\nb\ntheirs\nd\ne\n']]),
      message: 'Theirs',
      timestamp: 1_800_000_000,
    });
    await repository.push('main', theirs, tip);
    expect((await repository.readPullRequest(number)).mergeable).toEqual({
      ok: false,
      conflicts: [FILE],
    });
    await expect(
      repository.portalReviews!.merge(number, await shown(repository, number)),
    ).rejects.toMatchObject({
      code: 'merge-conflict',
      message: expect.stringContaining(FILE),
    });
    expect(await repository.fetch('main')).toBe(theirs);
  });

  it('refuses to merge or review what is closed', async () => {
    const repository = await connect();
    const { number } = await openedPullRequest(repository);
    const somebody = await shown(repository, number, 'user:default/a');
    await repository.closePullRequest(number, 'No.');
    const closed = { code: 'pull-request-closed' };
    await expect(
      repository.portalReviews!.merge(number, somebody),
    ).rejects.toMatchObject(closed);
    await expect(
      repository.portalReviews!.review(number, {
        ...somebody,
        decision: 'approved',
      }),
    ).rejects.toMatchObject(closed);
    await expect(
      repository.updatePullRequest(number, { title: 'x', body: 'y' }),
    ).rejects.toMatchObject(closed);
  });

  it('writes who merged into the commit, and removes the branch', async () => {
    const repository = await connect();
    const { number } = await openedPullRequest(repository);
    const merged = await repository.portalReviews!.merge(
      number,
      await shown(repository, number),
    );
    expect(merged).toMatchObject({
      state: 'merged',
      closedBy: 'user:default/petra',
    });
    expect(git('log', '-1', '--format=%B', 'main')).toContain(
      'Merged-by: user:default/petra',
    );
    expect(await repository.fetch(BRANCH)).toBeUndefined();
  });

  describe('after a crash in the middle of a merge', () => {
    async function interrupted(when: 'before' | 'after') {
      const repository = await connect();
      const pull = await openedPullRequest(repository);
      const move = repository.store.moveBranch.bind(repository.store);
      repository.store.moveBranch = async (...args) => {
        if (when === 'after') await move(...args);
        throw forgeError('repository-unreachable', 'The process ended here');
      };
      await expect(
        repository.portalReviews!.merge(
          pull.number,
          await shown(repository, pull.number),
        ),
      ).rejects.toThrow();
      return pull.number;
    }

    it('is merged where Git has the commit', async () => {
      const number = await interrupted('after');
      const repository = await connect();
      expect(await repository.readPullRequest(number)).toMatchObject({
        state: 'merged',
        mergeCommit: await repository.fetch('main'),
        closedBy: 'user:default/petra',
      });
    });

    it('is still open where Git has not, and can be merged', async () => {
      const number = await interrupted('before');
      const repository = await connect();
      expect((await repository.readPullRequest(number)).state).toBe('open');
      const merged = await repository.portalReviews!.merge(
        number,
        await shown(repository, number),
      );
      expect(merged.state).toBe('merged');
      expect(
        git('log', '--merges', '--format=%s', 'main').trim().split('\n'),
      ).toHaveLength(1);
    });
  });

  it('tells what was said in reviews, and of an objection that outlives its pull request as the same', async () => {
    const repository = await connect();
    const tip = await repository.fetch('main');
    await repository.push('callgate/a', tip, undefined);
    const open = () =>
      repository.openPullRequest({
        ...{ branch: 'callgate/a', base: 'main', title: 'a', body: '' },
        reviewers: [],
      });
    const said = async (number: number) =>
      (await repository.readComments!(number)).comments;
    const { number, head } = await open();
    const by = 'user:default/petra';
    const { portalReviews } = repository;
    for (const review of [
      { decision: 'commented' as const, comment: 'Why?' },
      { decision: 'changes-requested' as const, comment: 'Too wide' },
      // Taking something back says nothing by itself.
      { decision: 'withdrawn' as const, of: 'user:default/pavel' },
    ])
      await portalReviews!.review(number, { by, head: head!, ...review });
    const before = await said(number);
    expect(before).toEqual([
      expect.objectContaining({ by, text: 'Why?' }),
      expect.objectContaining({
        ...{ by, text: 'Too wide', decision: 'changes-requested' },
      }),
    ]);
    await repository.closePullRequest(number, 'No.');
    const again = await open();
    expect(again.number).not.toBe(number);
    expect(await said(again.number)).toEqual([before[1]]);
  });

  it('gives pull requests that are opened at the same moment different numbers', async () => {
    const repository = await connect();
    const other = await connect();
    const tip = await repository.fetch('main');
    await repository.push('callgate/a', tip, undefined);
    await repository.push('callgate/b', tip, undefined);
    const open = (from: ForgeRepository, branch: string) =>
      from.openPullRequest({
        branch,
        base: 'main',
        title: branch,
        body: '',
        reviewers: [],
      });
    const [a, b] = await Promise.all([
      open(repository, 'callgate/a'),
      open(other, 'callgate/b'),
    ]);
    expect(new Set([a.number, b.number]).size).toBe(2);
  });
});
