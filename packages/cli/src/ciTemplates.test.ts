import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import {
  type JobRun,
  runGithubJob,
  runGitlabJob,
} from './__fixtures__/ciRunner';
import {
  type CommentApi,
  githubComments,
  gitlabNotes,
} from './__fixtures__/commentApi';
import {
  fillWithShop,
  policyRepository,
  type PolicyRepository,
} from './__fixtures__/policyRepository';
import { removeFolders } from './__fixtures__/runCaptured';

const template = (name: string) =>
  readFileSync(resolve(__dirname, '../../../deploy/ci', name), 'utf8');

const TOKEN = 'a-token-that-may-write';
const HOSTILE = '$(touch pwned)`touch pwned`';

/** A change as CI sees it, and what it may do about it. */
interface Change {
  repository: PolicyRepository;
  commit: string;
  api: CommentApi;
  isFork?: boolean;
}

/** One forge's CI, run by the stand-in. */
interface Forge {
  template: string;
  /** Which step a job ends with when a generated file was edited. */
  compileStep: string;
  me: string | number;
  /** Whether the job that comments is there for a fork, and what its summary has. */
  ofFork: unknown;
  serve(): Promise<CommentApi>;
  /** A job and the folder that it ran in; `undefined` where it does not belong to the pipeline. */
  run(
    job: 'check' | 'meaning',
    change: Change,
  ): Promise<{ run?: JobRun; cwd: string; summary: string }>;
}

const GITHUB: Forge = {
  template: 'github.yml',
  compileStep: 'What is generated is what is declared',
  me: 'github-actions[bot]',
  ofFork: {
    isThere: true,
    summary: expect.stringContaining('ops/Deployment/legacy-batch'),
  },
  serve: () =>
    githubComments({ repository: 'shop/policies', number: 7, token: TOKEN }),
  async run(job, { repository, commit, api, isFork }) {
    const base = repository.git('rev-parse', 'main');
    const cwd = repository.checkout(commit, base);
    const temp = repository.temporary();
    const summary = join(temp, 'summary.md');
    writeFileSync(summary, '');
    const event = {
      pull_request: {
        number: 7,
        title: HOSTILE,
        body: HOSTILE,
        base: { sha: base, ref: 'main' },
        head: {
          sha: commit,
          ref: HOSTILE,
          repo: { full_name: isFork ? 'somebody/policies' : 'shop/policies' },
        },
      },
    };
    const run = await runGithubJob(
      template('github.yml'),
      job,
      {
        cwd,
        env: {
          ...repository.env,
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          GITHUB_API_URL: api.url,
          GITHUB_REPOSITORY: 'shop/policies',
          GITHUB_HEAD_REF: HOSTILE,
          GITHUB_STEP_SUMMARY: summary,
          RUNNER_TEMP: temp,
        },
      },
      { event, token: TOKEN, repository: 'shop/policies', head_ref: HOSTILE },
    );
    return { run, cwd, summary: readFileSync(summary, 'utf8') };
  },
};

const GITLAB: Forge = {
  template: 'gitlab.yml',
  compileStep: 'callgate compile',
  me: 4711,
  ofFork: { isThere: false, summary: '' },
  serve: () => gitlabNotes({ project: 12, iid: 7, token: TOKEN }),
  async run(job, { repository, commit, api, isFork }) {
    const cwd = repository.checkout(commit);
    const run = await runGitlabJob(template('gitlab.yml'), `access:${job}`, {
      cwd,
      env: {
        ...repository.env,
        CI: 'true',
        GITLAB_CI: 'true',
        CI_API_V4_URL: api.url,
        CI_PIPELINE_SOURCE: 'merge_request_event',
        CI_COMMIT_SHA: commit,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: repository.git(
          'merge-base',
          'main',
          commit,
        ),
        CI_MERGE_REQUEST_IID: '7',
        CI_MERGE_REQUEST_PROJECT_ID: '12',
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: isFork ? '99' : '12',
        CI_MERGE_REQUEST_TITLE: HOSTILE,
        CI_MERGE_REQUEST_DESCRIPTION: HOSTILE,
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: HOSTILE,
        CI_COMMIT_REF_NAME: HOSTILE,
        CALLGATE_COMMENT_TOKEN: TOKEN,
        TMPDIR: repository.temporary(),
      },
    });
    return { run, cwd, summary: '' };
  },
};

/** Files of this name anywhere below a folder. */
const below = (folder: string, name: string) =>
  readdirSync(folder, { recursive: true }).filter(each =>
    String(each).split('/').includes(name),
  );

describe.each([
  ['GitHub', GITHUB],
  ['GitLab', GITLAB],
])('CI of a policy repository on %s', (_, forge) => {
  let api: CommentApi;
  let repository: PolicyRepository;

  beforeEach(async () => {
    api = await forge.serve();
    repository = policyRepository(fillWithShop);
  });
  afterEach(async () => {
    await api.close();
    removeFolders();
  });

  it('takes Shop as it is, and a title that wants to be a command is none', async () => {
    const commit = repository.commit('change', folder =>
      writeFileSync(join(folder, 'NOTES.md'), 'What was said\n'),
    );
    const { run, cwd } = await forge.run('check', { repository, commit, api });
    expect(run).toEqual({ log: expect.any(String) });
    // Each of the four was asked, and answered.
    expect(run!.log).toContain('unchanged  clusters/prod-eu/ordering/');
    expect(run!.log).toContain('unchanged  clusters/staging/storefront/');
    expect(run!.log).toContain('Nothing is missing');
    expect(run!.log).toContain('or-instead-of-and');
    expect(run!.log).toContain('0 receipts');
    expect(run!.log).not.toContain(TOKEN);
    expect(below(join(cwd, '..'), 'pwned')).toEqual([]);
    expect(readFileSync(join(cwd, '../npm.log'), 'utf8')).toBe(
      'install --global --ignore-scripts @callgate/cli@0.1.0\n',
    );
  }, 240_000);

  it('stops where a generated file was edited by hand', async () => {
    const commit = repository.commit('change', folder => {
      const path = join(
        folder,
        'clusters/prod-eu/ordering/callgate-orders.yaml',
      );
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace('port: 8080', 'port: 9090'));
      expect(readFileSync(path, 'utf8')).not.toBe(text);
    });
    const { run } = await forge.run('check', { repository, commit, api });
    expect(run!.failedAt).toBe(forge.compileStep);
    expect(run!.log).toMatch(
      /changed +clusters\/prod-eu\/ordering\/callgate-orders\.yaml/,
    );
  }, 240_000);

  it('says once what the change means, and says it anew in the same place', async () => {
    // A page of comments, the first by somebody who wants theirs to be taken for ours.
    for (let id = 1; id <= 100; id += 1)
      api.comments.push({
        id,
        author: forge.me === 4711 ? 1 : 'mallory',
        body: id === 1 ? '<!-- callgate: access -->\nmine' : `comment ${id}`,
      });
    const first = repository.commit('change', folder =>
      writeFileSync(join(folder, 'NOTES.md'), 'What was said\n'),
    );
    // The target goes on meanwhile: what it changes is not what this change means.
    repository.commit('main', folder =>
      rmSync(join(folder, 'clusters/prod-eu/storefront/cart-cache.yaml')),
    );
    const once = await forge.run('meaning', { repository, commit: first, api });
    expect(once.run).toEqual({ log: expect.any(String) });
    expect(once.run!.log).not.toContain(TOKEN);
    expect(api.comments).toHaveLength(101);
    expect(api.comments[100].body).toContain('Nobody gains or loses access');

    const second = repository.commit('change', folder =>
      rmSync(join(folder, 'clusters/prod-eu/ordering/allow-ops.yaml')),
    );
    const again = await forge.run('meaning', {
      repository,
      commit: second,
      api,
    });
    expect(again.run).toEqual({ log: expect.any(String) });
    expect(api.comments).toHaveLength(101);
    expect(api.comments[0].body).toBe('<!-- callgate: access -->\nmine');
    const { body } = api.comments[100];
    expect(body).toContain('ops/Deployment/legacy-batch');
    expect(body).not.toContain('cart-cache');
    expect(body).not.toContain('Nobody gains or loses access');
    expect(below(join(again.cwd, '..'), 'pwned')).toEqual([]);
  }, 240_000);

  it('writes no comment for a fork', async () => {
    const commit = repository.commit('change', folder =>
      rmSync(join(folder, 'clusters/prod-eu/ordering/allow-ops.yaml')),
    );
    const { run, summary } = await forge.run('meaning', {
      repository,
      commit,
      api,
      isFork: true,
    });
    expect(run?.failedAt).toBeUndefined();
    expect(api.comments).toEqual([]);
    expect({ isThere: run !== undefined, summary }).toEqual(forge.ofFork);
  }, 240_000);
});

describe('what the templates may', () => {
  const github = parse(template('github.yml'));

  it('is nothing by default, and a job on GitHub writes comments at most', () => {
    expect(github.permissions).toEqual({});
    expect(github.on).toBe('pull_request');
    expect(github.jobs.check.permissions).toEqual({ contents: 'read' });
    expect(github.jobs.meaning.permissions).toEqual({
      contents: 'read',
      'pull-requests': 'write',
    });
  });

  it('no expression is in a script, and no checkout keeps the token', () => {
    const steps = Object.values<any>(github.jobs).flatMap(job => job.steps);
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    const checkouts = steps.filter(({ uses }) =>
      uses?.startsWith('actions/checkout@'),
    );
    expect(checkouts.map(each => each.with['persist-credentials'])).toEqual([
      false,
      false,
    ]);
    // The token is known to the one step that comments.
    expect(template('github.yml').match(/github\.token/g)).toHaveLength(1);
  });
});
