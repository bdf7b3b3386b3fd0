import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { ForgeRepository } from '../forge/Forge';
import { isForgeError, type ForgeErrorCode } from '../forge/ForgeError';

/**
 * A forge with a policy repository whose `main` has the files `policies/default/orders.yaml` (`a` to `e`, a letter a
 * line) and `README.md`.
 *
 * @public
 */
export interface ForgeUnderTest {
  repository: ForgeRepository;
  /** The bare repository behind the forge: what everybody else sees. */
  directory: string;
  /** A person merges on the forge. */
  merge(number: number): Promise<void>;
  /** A person comments and closes on the forge; absent where people cannot. */
  close?(number: number, comment: string): Promise<void>;
}

/**
 * What every forge does, as cases for any test runner.
 *
 * @public
 */
export interface ForgeConformanceCase {
  name: string;
  run(forge: ForgeUnderTest): Promise<void>;
}

const FILE = 'policies/default/orders.yaml';
const BRANCH = 'callgate/default/orders';

async function commitOn(
  { repository }: ForgeUnderTest,
  branch: string,
  text: string,
  file = FILE,
): Promise<string> {
  const tip = await repository.fetch(branch);
  assert(tip, `the branch ${branch} exists`);
  return repository.store.commit({
    parents: [tip],
    changes: new Map([[file, text]]),
    message: 'Change',
    timestamp: 1_800_000_000,
  });
}

async function pushed(
  forge: ForgeUnderTest,
  text: string,
  branch = BRANCH,
): Promise<string> {
  const commit = await commitOn(forge, 'main', text);
  await forge.repository.push(
    branch,
    commit,
    await forge.repository.fetch(branch),
  );
  return commit;
}

function opened(
  forge: ForgeUnderTest,
  change: { title?: string; body?: string } = {},
) {
  const { title = 'Access to orders', body = 'A body' } = change;
  return forge.repository.openPullRequest({
    branch: BRANCH,
    base: 'main',
    title,
    body,
    reviewers: [],
  });
}

async function rejectsWith(
  code: ForgeErrorCode,
  task: Promise<unknown>,
): Promise<void> {
  await assert.rejects(
    task,
    error => isForgeError(error) && error.code === code,
  );
}

const onServer = ({ directory }: ForgeUnderTest, ...args: string[]) =>
  execFileSync('git', ['--git-dir', directory, ...args], { encoding: 'utf8' });

/**
 * The cases that the local forge and every hosted forge must pass.
 *
 * @public
 */
export const forgeConformance: ForgeConformanceCase[] = [
  {
    name: 'reads the tip of the target branch and its files',
    async run(forge) {
      const tip = await forge.repository.fetch('main');
      assert.equal(tip, onServer(forge, 'rev-parse', 'main').trim());
      assert.equal(
        await forge.repository.store.readFile(tip!, FILE),
        'a\nb\nc\nd\ne\n',
      );
    },
  },
  {
    name: 'says that a branch does not exist',
    async run(forge) {
      assert.equal(
        await forge.repository.fetch('callgate/default/none'),
        undefined,
      );
    },
  },
  {
    name: 'pushes a new branch that everybody then sees',
    async run(forge) {
      const commit = await pushed(forge, 'a\nb\nc\nd\nE\n');
      assert.equal(onServer(forge, 'rev-parse', BRANCH).trim(), commit);
      assert.equal(
        onServer(forge, 'show', `${BRANCH}:${FILE}`),
        'a\nb\nc\nd\nE\n',
      );
      assert.equal(
        onServer(forge, 'show', `${BRANCH}:README.md`),
        onServer(forge, 'show', 'main:README.md'),
      );
      assert.equal(await forge.repository.fetch(BRANCH), commit);
      onServer(forge, 'fsck', '--strict');
    },
  },
  {
    name: 'replaces the head of a branch by one that does not descend from it',
    async run(forge) {
      await pushed(forge, 'first\n');
      const commit = await pushed(forge, 'second\n');
      assert.equal(onServer(forge, 'rev-parse', BRANCH).trim(), commit);
      assert.equal(
        onServer(forge, 'rev-list', '--count', `main..${BRANCH}`).trim(),
        '1',
      );
    },
  },
  {
    name: 'refuses to move a branch that somebody else moved meanwhile',
    async run(forge) {
      const first = await pushed(forge, 'first\n');
      const mine = await commitOn(forge, 'main', 'mine\n');
      await rejectsWith(
        'branch-moved',
        forge.repository.push(BRANCH, mine, undefined),
      );
      await rejectsWith(
        'branch-moved',
        forge.repository.push(BRANCH, mine, mine),
      );
      await rejectsWith(
        'branch-moved',
        forge.repository.push('callgate/default/other', mine, first),
      );
      assert.equal(onServer(forge, 'rev-parse', BRANCH).trim(), first);
    },
  },
  {
    name: 'deletes a branch',
    async run(forge) {
      const commit = await pushed(forge, 'first\n');
      await forge.repository.push(BRANCH, undefined, commit);
      assert.equal(await forge.repository.fetch(BRANCH), undefined);
    },
  },
  {
    name: 'opens a pull request that is found by its branch and read by its number',
    async run(forge) {
      const head = await pushed(forge, 'a\nb\nc\nd\nE\n');
      assert.equal(await forge.repository.findPullRequest(BRANCH), undefined);
      const pull = await opened(forge);
      for (const read of [
        pull,
        await forge.repository.findPullRequest(BRANCH),
        await forge.repository.readPullRequest(pull.number),
      ]) {
        assert.equal(read?.number, pull.number);
        assert.equal(read?.state, 'open');
        assert.equal(read?.head, head);
        assert.equal(read?.branch, BRANCH);
        assert.equal(read?.base, 'main');
        assert.equal(read?.title, 'Access to orders');
        assert.equal(read?.body, 'A body');
      }
      const { mergeable } = await forge.repository.readPullRequest(pull.number);
      assert.deepEqual(mergeable, { ok: true, conflicts: [] });
    },
  },
  {
    name: 'keeps one pull request where a second one is opened for the branch',
    async run(forge) {
      await pushed(forge, 'first\n');
      const first = await opened(forge);
      const second = await opened(forge, {
        title: 'Another title',
        body: 'Another body',
      });
      assert.equal(second.number, first.number);
      const read = await forge.repository.readPullRequest(first.number);
      assert.equal(read.title, 'Another title');
      assert.equal(read.body, 'Another body');
    },
  },
  {
    name: 'shows the new head after a push, and a new title and body after an update',
    async run(forge) {
      await pushed(forge, 'first\n');
      const { number } = await opened(forge);
      const head = await pushed(forge, 'second\n');
      const body =
        '| a | b |\n| --- | --- |\n| `x\\|y` | “ü” <b> \u{1F512} |\n';
      await forge.repository.updatePullRequest(number, {
        title: 'Title: “ü” & <b>',
        body,
      });
      const read = await forge.repository.readPullRequest(number);
      assert.equal(read.head, head);
      assert.equal(read.title, 'Title: “ü” & <b>');
      assert.equal(read.body.trimEnd(), body.trimEnd());
    },
  },
  {
    name: 'reports a merge with its commit',
    async run(forge) {
      await pushed(forge, 'a\nb\nc\nd\nE\n');
      const { number } = await opened(forge);
      await forge.merge(number);
      const read = await forge.repository.readPullRequest(number);
      assert.equal(read.state, 'merged');
      assert.equal(
        read.mergeCommit,
        onServer(forge, 'rev-parse', 'main').trim(),
      );
      const tip = await forge.repository.fetch('main');
      assert.equal(tip, read.mergeCommit);
      assert.equal(
        await forge.repository.store.readFile(tip!, FILE),
        'a\nb\nc\nd\nE\n',
      );
      onServer(forge, 'fsck', '--strict');
    },
  },
  {
    name: 'merges what both sides changed in different places',
    async run(forge) {
      await pushed(forge, 'a\nb\nc\nd\nE\n');
      const { number } = await opened(forge);
      const other = await commitOn(forge, 'main', 'A\nb\nc\nd\ne\n');
      await forge.repository.push(
        'main',
        other,
        await forge.repository.fetch('main'),
      );
      await forge.merge(number);
      assert.equal(onServer(forge, 'show', `main:${FILE}`), 'A\nb\nc\nd\nE\n');
    },
  },
  {
    name: 'says that a pull request conflicts',
    async run(forge) {
      await pushed(forge, 'a\nb\nmine\nd\ne\n');
      const { number } = await opened(forge);
      const other = await commitOn(forge, 'main', 'a\nb\ntheirs\nd\ne\n');
      await forge.repository.push(
        'main',
        other,
        await forge.repository.fetch('main'),
      );
      const { mergeable } = await forge.repository.readPullRequest(number);
      assert.equal(mergeable?.ok, false);
      assert.equal(
        (await forge.repository.readPullRequest(number)).state,
        'open',
      );
    },
  },
  {
    name: 'reports that somebody closed a pull request, with their comment',
    async run(forge) {
      if (!forge.close) return;
      await pushed(forge, 'first\n');
      const { number } = await opened(forge);
      await forge.close(number, 'Not before the audit.');
      const read = await forge.repository.readPullRequest(number);
      assert.equal(read.state, 'closed');
      assert.equal(read.closeComment, 'Not before the audit.');
      assert.equal(read.mergeCommit, undefined);
    },
  },
  {
    name: 'closes a pull request once, with a comment',
    async run(forge) {
      await pushed(forge, 'first\n');
      const { number } = await opened(forge);
      await forge.repository.closePullRequest(
        number,
        'Nobody asks for it any more.',
      );
      const again = await forge.repository.closePullRequest(
        number,
        'Nobody asks for it any more.',
      );
      assert.equal(again.state, 'closed');
      assert.equal(again.closeComment, 'Nobody asks for it any more.');
    },
  },
  {
    name: 'opens a new pull request after the last one was closed, and finds the open one',
    async run(forge) {
      await pushed(forge, 'first\n');
      const first = await opened(forge);
      await forge.repository.closePullRequest(first.number, 'Closed.');
      assert.equal(
        (await forge.repository.findPullRequest(BRANCH))?.state,
        'closed',
      );
      const second = await opened(forge);
      assert.notEqual(second.number, first.number);
      assert.equal(
        (await forge.repository.findPullRequest(BRANCH))?.number,
        second.number,
      );
    },
  },
  {
    name: 'refuses a pull request for a branch that does not exist',
    async run(forge) {
      await rejectsWith('forge-rejected', opened(forge));
    },
  },
  {
    name: 'says that a pull request is not there',
    async run(forge) {
      await assert.rejects(forge.repository.readPullRequest(4711), {
        name: 'NotFoundError',
      });
    },
  },
];
