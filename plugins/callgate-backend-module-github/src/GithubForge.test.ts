import { ConfigReader } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import type { ForgeRepository } from '@callgate/plugin-callgate-node';
import { forgeConformance } from '@callgate/plugin-callgate-node/testing';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GithubForge } from './GithubForge';
import { TestGithub } from './__testUtils__/TestGithub';

jest.setTimeout(60_000);

const TOKEN = 'ghp_averysecrettokenthatnobodymaysee';
const FILE = 'policies/default/orders.yaml';
const BRANCH = 'callgate/default/orders';
const NOW = Date.parse('2026-11-02T10:00:00Z');

describe('GithubForge', () => {
  let root: string;
  let github: TestGithub;
  let problems: string[];
  let pauses: number[];

  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-github-'));
    problems = [];
    pauses = [];
    github = await TestGithub.start(path.join(root, 'server'), {
      token: TOKEN,
      files: { [FILE]: 'a\nb\nc\nd\ne\n', 'README.md': 'Policies\n' },
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await github.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  function forge(
    token: string | undefined = TOKEN,
    host = github.origin.replace('http://', ''),
    directory = path.join(root, 'data'),
  ) {
    const integrations = ScmIntegrations.fromConfig(
      new ConfigReader({
        integrations: {
          github: [
            {
              host,
              apiBaseUrl: `${github.origin}/api/v3`,
              ...(token && { token }),
            },
          ],
        },
      }),
    );
    return new GithubForge({
      integrations,
      credentials:
        DefaultGithubCredentialsProvider.fromIntegrations(integrations),
      directory,
      onProblem: text => problems.push(text),
      sleep: async ms => {
        pauses.push(ms);
      },
      now: () => NOW,
    });
  }

  const connect = (token?: string) =>
    forge(token).connect({ url: github.url, branch: 'main' });

  async function pushed(
    repository: ForgeRepository,
    text = 'a\nb\nc\nd\nE\n',
  ): Promise<string> {
    const tip = await repository.fetch('main');
    const commit = await repository.store.commit({
      parents: [tip!],
      changes: new Map([[FILE, text]]),
      message: 'Change',
      timestamp: 1_800_000_000,
    });
    await repository.push(BRANCH, commit, await repository.fetch(BRANCH));
    return commit;
  }

  const opened = (repository: ForgeRepository, reviewers: string[] = []) =>
    repository.openPullRequest({
      branch: BRANCH,
      base: 'main',
      title: 'T',
      body: 'B',
      reviewers,
    });

  /** What somebody with the log and the database of the portal could see. */
  async function failure(
    task: Promise<unknown>,
  ): Promise<Error & { code?: string; retryAfterSeconds?: number }> {
    const error = await task.then(
      () => {
        throw new Error('it did not fail');
      },
      (caught: Error) => caught,
    );
    const seen = [
      error.message,
      error.stack,
      JSON.stringify(error),
      String(error.cause),
      ...problems,
    ].join('\n');
    expect(seen).not.toContain(TOKEN);
    expect(seen).not.toContain(
      Buffer.from(`x-access-token:${TOKEN}`).toString('base64'),
    );
    return error;
  }

  it.each(forgeConformance)('$name', async ({ run }) => {
    await run({
      repository: await connect(),
      directory: github.repository.directory,
      merge: async number => github.merge(number),
      close: async (number, comment) => github.close(number, comment),
    });
    expect(problems).toEqual([]);
  });

  it('brings older commits of a branch into the store when it is asked for them', async () => {
    const { repository: server } = github;
    const tree = server.git(['rev-parse', 'main^{tree}']);
    const first = server.head('main')!;
    const second = server.commit(tree, [first], 'Second');
    const third = server.commit(tree, [second], 'Third');
    server.git(['update-ref', 'refs/heads/main', third]);
    const repository = await connect();
    expect(await repository.fetch('main')).toBe(third);
    await expect(repository.store.readCommit(second)).rejects.toThrow(
      'missing or damaged',
    );
    await repository.deepen!('main', 2);
    expect((await repository.store.readCommit(second)).parents).toEqual([
      first,
    ]);
    await repository.deepen!('main', 50);
    expect(await repository.store.blobId(first, FILE)).toBe(
      await repository.store.blobId(third, FILE),
    );
    expect(await repository.fetch('main')).toBe(third);
  });

  describe('the copy of what is on the server', () => {
    const otherClone = () =>
      forge(TOKEN, undefined, path.join(root, 'other')).connect({
        url: github.url,
        branch: 'main',
      });
    const directory = () => {
      const [name] = fs.readdirSync(path.join(root, 'data'));
      return path.join(root, 'data', name);
    };
    const shallow = () =>
      fs.readFileSync(path.join(directory(), 'shallow'), 'utf8');

    /** Commits on the server, each on the one before, with a file of its own beside what is there. */
    async function onServer(branch: string, name: string, text = name) {
      const repository = await otherClone();
      const tip = await repository.fetch('main');
      const commit = await repository.store.commit({
        parents: [tip!],
        changes: new Map([[name, text]]),
        message: name,
        timestamp: 1_800_000_000,
      });
      await repository.push(branch, commit, await repository.fetch(branch));
      return commit;
    }
    it('keeps track of branches that are fetched at once', async () => {
      await onServer('main', 'first');
      const branches = ['one', 'two', 'three', 'four'];
      const heads: string[] = [];
      for (const branch of branches)
        heads.push(await onServer(branch, `policies/${branch}`));
      const repository = await connect();
      expect(
        await Promise.all(branches.map(each => repository.fetch(each))),
      ).toEqual(heads);
      expect(shallow().trim().split('\n').sort()).toEqual([...heads].sort());
    });

    it('is never read while half of it is written', async () => {
      const repository = await connect();
      await repository.fetch('main');
      const head = await onServer('main', 'policies/next');
      const write = fs.promises.writeFile;
      jest
        .spyOn(fs.promises, 'writeFile')
        .mockImplementation(async (file, data, options) => {
          if (String(file).includes('.idx')) {
            await write(file, '', options);
            // Somebody looks for an object, in every pack that is there.
            await repository.store.readCommit('1'.repeat(40)).catch(() => {});
          }
          await write(file, data, options);
        });
      await repository.fetch('main');
      const files = await repository.store.readFiles(head);
      expect(files.get('policies/next')).toBe('policies/next');
    });

    it('is of the commit that came, where the branch moves on in between', async () => {
      const repository = await connect();
      const { repository: server } = github;
      let hasAnswered = false;
      let hasMoved = false;
      github.chaos = name => {
        // First it asks where the branch is, then for what is there.
        if (name.endsWith('/git-upload-pack')) hasAnswered = true;
        else if (hasAnswered && !hasMoved) {
          hasMoved = true;
          const tip = server.head('main')!;
          const blob = server.git(['hash-object', '-w', '--stdin'], 'new');
          const tree = server.git(
            ['mktree'],
            `${server.git(['ls-tree', tip])}\n100644 blob ${blob}\tnew\n`,
          );
          const next = server.commit(tree, [tip], 'Meanwhile');
          server.git(['update-ref', 'refs/heads/main', next]);
        }
        return undefined;
      };
      const head = await repository.fetch('main');
      expect(hasMoved).toBe(true);
      expect(head).toBe(server.head('main'));
      const files = await repository.store.readFiles(head!);
      expect(files.get('new')).toBe('new');
    });

    it('gets what belongs to a commit whose fetching broke off', async () => {
      const repository = await connect();
      await repository.fetch('main');
      const lost = await onServer('main', 'policies/lost');
      await onServer('main', 'policies/next');
      await repository.fetch('main');
      // As the library leaves it where the answer stops before the objects.
      fs.appendFileSync(path.join(directory(), 'shallow'), `${lost}\n`);
      await repository.deepen!('main', 10);
      const files = await repository.store.readFiles(lost);
      expect(files.get('policies/lost')).toBe('policies/lost');
    });

    it('is mended where it has lost something', async () => {
      const before = await connect();
      await onServer('main', 'policies/lost');
      const kept = await before.fetch('main');
      const blob = await before.store.blobId(kept!, 'policies/lost');
      // All is there but one file.
      const packs = path.join(directory(), 'objects/pack');
      const loose = path.join(directory(), 'objects');
      for (const file of fs
        .readdirSync(packs)
        .filter(each => /pack$/.test(each)))
        unpack(directory(), path.join(packs, file));
      fs.rmSync(path.join(loose, blob!.slice(0, 2), blob!.slice(2)));
      const repository = await connect();
      expect(await repository.fetch('main')).toBe(kept);
      const files = await repository.store.readFiles(kept!);
      expect(files.get('policies/lost')).toBe('policies/lost');
    });

    function unpack(gitdir: string, pack: string): void {
      const moved = path.join(root, path.basename(pack));
      fs.renameSync(pack, moved);
      fs.rmSync(pack.replace(/pack$/, 'idx'));
      execFileSync('git', [`--git-dir=${gitdir}`, 'unpack-objects', '-q'], {
        input: fs.readFileSync(moved),
      });
    }
  });

  describe('the address of the repository', () => {
    const connectTo = (url: string) =>
      failure(forge().connect({ url, branch: 'main' }));

    it('must have an integration', async () => {
      expect(
        (await connectTo('https://elsewhere.example/acme/policies')).message,
      ).toBe(
        'callgate.policyRepository.url: there is no integration for elsewhere.example; add it to integrations.github',
      );
    });

    it('must not carry credentials, and they are not repeated', async () => {
      const { message } = await connectTo(
        `https://x:${TOKEN}@github.com/acme/policies`,
      );
      expect(message).toContain('it must not contain credentials');
    });

    it.each([
      'policies',
      'https://github.com/acme',
      'https://github.com/acme/policies/tree/main',
    ])('must be a repository, unlike %s', async url => {
      expect((await connectTo(url)).name).toBe('InputError');
    });

    it('may end with .git', async () => {
      const repository = await forge().connect({
        url: `${github.url}.git`,
        branch: 'main',
      });
      expect(await repository.fetch('main')).toBe(
        github.repository.head('main'),
      );
    });
  });

  describe('a branch', () => {
    it('is not fetched again while it has not moved', async () => {
      const repository = await connect();
      await repository.fetch('main');
      const before = github.requests.length;
      await repository.fetch('main');
      // One exchange that lists refs, and none that brings objects.
      expect(
        github.requests.slice(before).filter(name => name.startsWith('POST')),
      ).toHaveLength(1);
    });

    it('is pushed on a tip that has moved since it was fetched', async () => {
      const repository = await connect();
      const tip = (await repository.fetch('main'))!;
      const other = await connect();
      const next = await other.store.commit({
        parents: [tip],
        changes: new Map([['README.md', 'Changed\n']]),
        message: 'Other',
        timestamp: 1_800_000_001,
      });
      await other.push('main', next, tip);
      const commit = await repository.store.commit({
        parents: [tip],
        changes: new Map([[FILE, 'x\n']]),
        message: 'Mine',
        timestamp: 1_800_000_002,
      });
      await repository.push(BRANCH, commit, undefined);
      expect(github.repository.head(BRANCH)).toBe(commit);
      github.repository.git(['fsck', '--strict']);
    });

    it('stays where it is when a hook refuses the push', async () => {
      const repository = await connect();
      const hook = path.join(github.repository.directory, 'hooks/pre-receive');
      fs.mkdirSync(path.dirname(hook), { recursive: true });
      fs.writeFileSync(hook, '#!/bin/sh\necho "not allowed" >&2\nexit 1\n', {
        mode: 0o755,
      });
      const error = await failure(pushed(repository));
      expect(error.code).toBe('forge-rejected');
      expect(github.repository.head(BRANCH)).toBeUndefined();
    });
  });

  describe('credentials', () => {
    it('that are not accepted are an error that says where they are configured', async () => {
      const repository = await connect('ghp_wrong');
      for (const task of [
        () => repository.fetch('main'),
        () => repository.readPullRequest(1),
      ]) {
        const error = await failure(task());
        expect(error).toMatchObject({
          name: 'NotAllowedError',
          code: 'forge-unauthorized',
        });
        expect(error.message).toContain('integrations.github');
        expect(error.message).not.toContain('ghp_wrong');
      }
    });

    it('that are missing are an error as well', async () => {
      const repository = await forge('').connect({
        url: github.url,
        branch: 'main',
      });
      expect((await failure(repository.fetch('main'))).code).toBe(
        'forge-unauthorized',
      );
    });

    it('that are renewed are used at once', async () => {
      const tokens = ['first', 'second'];
      const integrations = ScmIntegrations.fromConfig(
        new ConfigReader({
          integrations: {
            github: [
              {
                host: github.origin.replace('http://', ''),
                apiBaseUrl: `${github.origin}/api/v3`,
              },
            ],
          },
        }),
      );
      const renewing = new GithubForge({
        integrations,
        credentials: {
          getCredentials: async () => ({ type: 'app', token: tokens[0] }),
        },
        directory: path.join(root, 'data'),
        onProblem: text => problems.push(text),
      });
      github.renewToken('first');
      const repository = await renewing.connect({
        url: github.url,
        branch: 'main',
      });
      await repository.fetch('main');
      github.renewToken('second');
      tokens.shift();
      await pushed(repository);
      expect((await opened(repository)).number).toBe(1);
    });

    it('that the provider cannot give are an error without what the provider says', async () => {
      const integrations = ScmIntegrations.fromConfig(
        new ConfigReader({
          integrations: {
            github: [
              {
                host: github.origin.replace('http://', ''),
                apiBaseUrl: `${github.origin}/api/v3`,
              },
            ],
          },
        }),
      );
      const broken = new GithubForge({
        integrations,
        credentials: {
          getCredentials: async () => {
            throw new Error(`key ${TOKEN}`);
          },
        },
        directory: path.join(root, 'data'),
        onProblem: text => problems.push(text),
      });
      const repository = await broken.connect({
        url: github.url,
        branch: 'main',
      });
      expect((await failure(repository.fetch('main'))).code).toBe(
        'forge-unauthorized',
      );
    });
  });

  describe('an answer', () => {
    const PULLS = '/api/v3/repos/acme/policies/pulls';

    it('403 says which rights are needed', async () => {
      const repository = await connect();
      github.break({
        path: '/pulls',
        status: 403,
        body: { message: 'Resource not accessible by integration' },
      });
      const error = await failure(repository.findPullRequest(BRANCH));
      expect(error).toMatchObject({
        name: 'NotAllowedError',
        code: 'forge-forbidden',
      });
      expect(error.message).toContain('contents and pull requests');
    });

    it('403 to a push says the same', async () => {
      const repository = await connect();
      await repository.fetch('main');
      github.break({ path: 'git-receive-pack', status: 403 });
      github.break({ path: 'info/refs', method: 'GET', status: 403 });
      expect(
        (
          await failure(
            repository.push(BRANCH, github.repository.head('main'), undefined),
          )
        ).code,
      ).toBe('forge-forbidden');
    });

    it('404 of the repository is not taken for a missing pull request', async () => {
      const repository = await connect();
      github.break({
        path: '/repos/acme/policies',
        status: 404,
        body: { message: 'Not Found' },
      });
      expect((await failure(repository.readPullRequest(1))).code).toBe(
        'repository-not-found',
      );
    });

    it('404 to Git says that the repository is not found', async () => {
      const repository = await connect();
      github.break({ path: 'policies.git', status: 404 });
      expect(await failure(repository.fetch('main'))).toMatchObject({
        name: 'NotFoundError',
        code: 'repository-not-found',
      });
    });

    it('301 to Git asks for the new address and takes no credentials there', async () => {
      const repository = await connect();
      github.break({
        path: 'policies.git',
        status: 301,
        headers: { location: `${github.origin}/stolen` },
      });
      const error = await failure(repository.fetch('main'));
      expect(error.message).toContain('has moved');
      expect(github.requests.some(name => name.includes('stolen'))).toBe(false);
    });

    it('422 is quoted, short and without what looks like a token', async () => {
      const repository = await connect();
      await pushed(repository);
      github.break({
        method: 'POST',
        path: PULLS,
        status: 422,
        body: {
          message: `Validation Failed ${TOKEN}`,
          errors: [{ message: `body is too long ${'x '.repeat(500)}` }],
        },
      });
      const error = await failure(opened(repository));
      expect(error.code).toBe('forge-rejected');
      expect(error.message).toContain('body is too long');
      expect(error.message.length).toBeLessThan(400);
    });

    it('500 is asked again, with longer and longer pauses', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      github.break({ path: `${PULLS}/1`, status: 502, times: 2 });
      expect((await repository.readPullRequest(1)).state).toBe('open');
      expect(pauses).toEqual([500, 1000]);
    });

    it('500 that does not pass is an outage', async () => {
      const repository = await connect();
      github.break({ path: 'policies', status: 503 });
      expect(await failure(repository.readPullRequest(1))).toMatchObject({
        name: 'ServiceUnavailableError',
        code: 'repository-unreachable',
      });
      expect((await failure(repository.fetch('main'))).code).toBe(
        'repository-unreachable',
      );
    });

    it('500 to opening, although it was opened, opens no second one', async () => {
      const repository = await connect();
      await pushed(repository);
      github.break({
        method: 'POST',
        path: PULLS,
        status: 502,
        lost: true,
        times: 1,
      });
      expect((await opened(repository)).number).toBe(1);
      expect(github.pulls).toHaveLength(1);
    });

    it('500 to opening that opened nothing is an error, for a later try', async () => {
      const repository = await connect();
      await pushed(repository);
      github.break({ method: 'POST', path: PULLS, status: 502, times: 1 });
      expect((await failure(opened(repository))).code).toBe(
        'repository-unreachable',
      );
      expect((await opened(repository)).number).toBe(1);
    });

    it.each([
      ['retry-after', 403, { 'retry-after': '120' }, 120],
      [
        'the time of the reset',
        403,
        {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(NOW / 1000 + 300),
        },
        300,
      ],
      ['a minute where nothing is said', 429, {}, 60],
    ])('about a rate limit names %s', async (_, status, headers, seconds) => {
      const repository = await connect();
      github.break({
        path: PULLS,
        status,
        headers: headers as Record<string, string>,
      });
      expect(await failure(repository.findPullRequest(BRANCH))).toMatchObject({
        name: 'ServiceUnavailableError',
        code: 'forge-rate-limited',
        retryAfterSeconds: seconds,
      });
      expect(pauses).toEqual([]);
    });

    it('about a short rate limit is waited for', async () => {
      const repository = await connect();
      github.break({
        path: PULLS,
        status: 429,
        headers: { 'retry-after': '2' },
        times: 1,
      });
      expect(await repository.findPullRequest(BRANCH)).toBeUndefined();
      expect(pauses).toEqual([2000]);
    });

    it('that never comes is an outage', async () => {
      const repository = await connect();
      await github.stop();
      expect((await failure(repository.fetch('main'))).code).toBe(
        'repository-unreachable',
      );
      expect((await failure(repository.findPullRequest(BRANCH))).code).toBe(
        'repository-unreachable',
      );
      github = await TestGithub.start(path.join(root, 'again'), {
        token: TOKEN,
        files: { a: 'a' },
      });
    });
  });

  describe('the status of a commit', () => {
    const status = {
      name: 'callgate/meaning',
      state: 'success' as const,
      text: 'As approved.',
    };

    it('is set once, and again where it is another one', async () => {
      const repository = await connect();
      const head = await pushed(repository);
      await repository.setStatus!(head, status);
      await repository.setStatus!(head, status);
      await repository.setStatus!(head, { ...status, state: 'failure' });
      await repository.setStatus!(head, status);
      expect(
        github.statuses.map(({ sha, context, state }) => [sha, context, state]),
      ).toEqual(
        ['success', 'failure', 'success'].map(state => [
          head,
          'callgate/meaning',
          state,
        ]),
      );
    });

    it('has as much of its text as GitHub takes', async () => {
      const repository = await connect();
      const head = await pushed(repository);
      const text = 'x'.repeat(200);
      await repository.setStatus!(head, { ...status, text });
      await repository.setStatus!(head, { ...status, text });
      expect(github.statuses.map(each => each.description)).toEqual([
        `${'x'.repeat(139)}…`,
      ]);
    });
  });

  describe('a pull request', () => {
    it('asks people and teams for review, and nobody whom GitHub cannot know', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository, [
        'petra',
        'team:platform',
        'group:default/platform',
        'user:default/pavel',
      ]);
      expect(github.pull(1).requested).toEqual(['petra', 'team:platform']);
      expect(problems).toEqual([]);
    });

    it('opens although nobody can be asked for review', async () => {
      const repository = await connect();
      await pushed(repository);
      expect((await opened(repository, ['nobody'])).state).toBe('open');
      expect(problems).toEqual([
        expect.stringContaining('Nobody was asked to review pull request 1'),
      ]);
    });

    it('has a page, and reviews in our words', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      const at = '2026-11-02T10:00:00Z';
      github
        .pull(1)
        .reviews.push(
          { login: 'petra', state: 'APPROVED', body: '', at, commit: 'abc' },
          { login: 'sven', state: 'CHANGES_REQUESTED', body: 'Too wide', at },
          { login: 'old', state: 'DISMISSED', body: 'x', at },
          { login: 'draft', state: 'PENDING', body: 'x' },
        );
      expect(await repository.readPullRequest(1)).toMatchObject({
        url: `${github.url}/pull/1`,
        reviews: [
          { by: 'petra', decision: 'approved', at, head: 'abc' },
          {
            by: 'sven',
            decision: 'changes-requested',
            comment: 'Too wide',
            at,
          },
        ],
      });
    });

    it('reads all pages of reviews', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      for (let index = 0; index < 150; index++) {
        github.pull(1).reviews.push({
          login: `r${index}`,
          state: 'APPROVED',
          body: '',
          at: '2026-11-02T10:00:00Z',
        });
      }
      const read = await repository.readPullRequest(1);
      expect(read.reviews).toHaveLength(150);
      expect(read.reviewsCut).toBeUndefined();
    });

    it('says where there are more reviews than it reads: an objection may be among them', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      for (let index = 0; index < 1_001; index++) {
        github.pull(1).reviews.push({
          login: `r${index}`,
          state: index < 1_000 ? 'COMMENTED' : 'CHANGES_REQUESTED',
          body: '',
          at: '2026-11-02T10:00:00Z',
        });
      }
      expect((await repository.readPullRequest(1)).reviewsCut).toBe(true);
    });

    it('that is merged has a commit, and one that is open has none, whatever GitHub tried', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      expect((await repository.readPullRequest(1)).mergeCommit).toBeUndefined();
      github.merge(1, 'petra');
      expect(await repository.readPullRequest(1)).toMatchObject({
        state: 'merged',
        closedBy: 'petra',
      });
    });

    it.each([
      ['clean', 'met'],
      ['has_hooks', 'met'],
      // A check that is not required is failing, or any is under way.
      ['unstable', 'checks'],
      ['blocked', 'unmet'],
      ['behind', 'unmet'],
      ['dirty', 'unmet'],
      ['of a later version', 'unmet'],
      ['unknown', undefined],
    ])(
      'that GitHub calls %s says that its rules are %s',
      async (state, rules) => {
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        github.mergeState = state;
        expect((await repository.readPullRequest(1)).rules).toBe(rules);
        github.close(1, undefined);
        expect((await repository.readPullRequest(1)).rules).toBeUndefined();
      },
    );

    describe('is merged by Callgate', () => {
      const by = 'callgate';
      async function ready() {
        const repository = await connect();
        const head = await pushed(repository);
        await opened(repository);
        return { repository, head };
      }

      it('as its own account, by the first method that the repository allows', async () => {
        const { repository, head } = await ready();
        const merged = await repository.merge!(1, { by, head });
        expect(merged).toMatchObject({
          ...{ state: 'merged', head, closedByOpener: true },
        });
        expect(github.methods).toEqual(['merge']);
      });

      it('squashed where nothing else is allowed', async () => {
        github.allowsMergeCommits = false;
        const { repository, head } = await ready();
        await repository.merge!(1, { by, head });
        expect(github.methods).toEqual(['squash']);
      });

      it('at that head alone', async () => {
        const { repository, head } = await ready();
        await pushed(repository, 'a\nb\nc\nd\nF\n');
        const error = await failure(repository.merge!(1, { by, head }));
        expect(error.code).toBe('head-changed');
        expect((await repository.readPullRequest(1)).state).toBe('open');
      });

      it('not past a rule', async () => {
        const { repository, head } = await ready();
        github.mergeState = 'blocked';
        const error = await failure(repository.merge!(1, { by, head }));
        expect(error.code).toBe('forge-rejected');
      });

      it('once, also where the answer is lost: the pull request says that it was', async () => {
        const { repository, head } = await ready();
        github.break({
          ...{ method: 'PUT', path: '/pulls/1/merge', status: 502 },
          lost: true,
        });
        await failure(repository.merge!(1, { by, head }));
        expect(
          github.requests.filter(each => each.startsWith('PUT')),
        ).toHaveLength(1);
        expect(await repository.readPullRequest(1)).toMatchObject({
          ...{ state: 'merged', closedByOpener: true },
        });
      });

      it('and by somebody is somebody’s', async () => {
        const { repository } = await ready();
        github.merge(1, 'petra');
        const merged = await repository.readPullRequest(1);
        expect(merged.closedBy).toBe('petra');
        expect(merged.closedByOpener).toBeUndefined();
      });
    });

    it('that somebody closed has the comment of whoever closed it, and not that of another', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      github
        .pull(1)
        .comments.push(
          { login: 'petra', body: 'No.' },
          { login: 'sven', body: 'Pity.' },
        );
      github.close(1, undefined, 'petra');
      expect(await repository.readPullRequest(1)).toMatchObject({
        state: 'closed',
        closedBy: 'petra',
        closeComment: 'No.',
      });
    });

    it('is commented once when closing was interrupted', async () => {
      const repository = await connect();
      await pushed(repository);
      await opened(repository);
      github.break({
        method: 'PATCH',
        path: '/pulls/1',
        status: 422,
        times: 1,
      });
      await failure(repository.closePullRequest(1, 'Withdrawn.'));
      await repository.closePullRequest(1, 'Withdrawn.');
      expect(github.pull(1)).toMatchObject({
        state: 'closed',
        comments: [{ body: 'Withdrawn.' }],
      });
    });

    describe('tells what people said on it', () => {
      const said = async (repository: ForgeRepository) =>
        repository.readComments!(1);
      const at = (minute: number) =>
        `2026-11-02T10:${String(minute).padStart(2, '0')}:00Z`;
      /** Requests to GitHub about what was said, without answers that nothing has changed. */
      const asked = () =>
        github.requests.filter(each => /comments|reviews/.test(each));

      it('comments, comments on lines and reviews in the order in which they were said', async () => {
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        const pull = github.pull(1);
        pull.comments.push(
          { id: 1, login: 'petra', body: 'Why?', at: at(3) },
          { id: 2, login: 'ci[bot]', type: 'Bot', body: 'Built', at: at(1) },
        );
        pull.lines.push({
          id: 1,
          login: 'sven',
          body: 'Too wide',
          at: at(2),
          path: FILE,
        });
        pull.reviews.push(
          { id: 1, login: 'petra', state: 'APPROVED', body: '', at: at(4) },
          // It only holds together comments on lines.
          { id: 2, login: 'sven', state: 'COMMENTED', body: '', at: at(2) },
          // Not sent yet.
          { id: 3, login: 'sven', state: 'PENDING', body: 'x' },
          { id: 4, login: 'old', state: 'DISMISSED', body: 'No.', at: at(5) },
        );
        expect(await said(repository)).toEqual({
          complete: true,
          comments: [
            expect.objectContaining({
              ...{ id: 'line/1', by: 'sven', text: 'Too wide', file: FILE },
              at: at(2),
            }),
            expect.objectContaining({
              ...{ id: 'comment/1', by: 'petra', text: 'Why?', at: at(3) },
              url: `${github.url}/pull/1#1`,
            }),
            expect.objectContaining({
              ...{ id: 'review/1', by: 'petra', text: '' },
              decision: 'approved',
            }),
            // What was dismissed was said, and decides nothing.
            expect.not.objectContaining({ decision: expect.anything() }),
          ],
        });
      });

      it('and which of it the account said that opened it, where that is no app', async () => {
        github.login = 'machine';
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        github
          .pull(1)
          .comments.push(
            { login: 'machine', body: 'Closed.' },
            { login: 'petra', body: 'Oh' },
          );
        const { comments } = await said(repository);
        expect(comments.map(({ by, byOpener }) => [by, byOpener])).toEqual([
          ['machine', true],
          ['petra', undefined],
        ]);
      });

      it('as it is now: what was edited, deleted and added is seen, and what is the same is not sent again', async () => {
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        const { comments } = github.pull(1);
        for (let id = 1; id <= 101; id++)
          comments.push({ id, login: 'petra', body: `${id}` });
        const texts = async () =>
          (await said(repository)).comments.map(({ text }) => text);
        expect(await texts()).toHaveLength(101);
        const sent: number[] = [];
        github.answered = status => sent.push(status);
        const before = asked().length;
        expect(await texts()).toHaveLength(101);
        // Two pages of comments, one of lines, one of reviews.
        expect(asked().length - before).toBe(4);
        expect(sent).toEqual([304, 304, 304, 304]);
        comments[100].body = 'edited';
        expect((await texts()).at(-1)).toBe('edited');
        comments.splice(0, 1);
        const left = await texts();
        expect([left.length, left[0]]).toEqual([100, '2']);
      });

      it('and that there is more, where there is more than is read', async () => {
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        for (let id = 1; id <= 1000; id++)
          github.pull(1).comments.push({ id, login: 'petra', body: 'x' });
        expect((await said(repository)).complete).toBe(false);
      });

      it('or nothing at all, where one of the lists cannot be read', async () => {
        const repository = await connect();
        await pushed(repository);
        await opened(repository);
        github.pull(1).comments.push({ login: 'petra', body: 'x' });
        github.break({
          ...{ path: '/pulls/1/comments', status: 403 },
          headers: { 'retry-after': '120' },
        });
        expect(await failure(said(repository))).toMatchObject({
          code: 'forge-rate-limited',
          retryAfterSeconds: 120,
        });
      });
    });

    it('of a branch of the same name elsewhere is not ours', async () => {
      const repository = await connect();
      github.break({
        path: '/api/v3/repos/acme/policies/pulls',
        status: 200,
        body: [
          {
            number: 9,
            state: 'open',
            head: { ref: BRANCH, repo: { full_name: 'mallory/policies' } },
          },
        ],
      });
      expect(await repository.findPullRequest(BRANCH)).toBeUndefined();
    });
  });
});
