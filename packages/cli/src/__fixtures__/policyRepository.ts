import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { folderWith } from './runCaptured';

// eslint-disable-next-line no-restricted-syntax -- for tests, which are never built
const SRC = resolve(__dirname, '..');
const SHOP = resolve(SRC, '../../../examples/shop');
const BIN = resolve(SRC, '../bin/callgate.js');

/** A policy repository with a branch `main`, and the machine that its CI runs on. */
export interface PolicyRepository {
  /** The repository, with its working tree. */
  folder: string;
  /** For tools: a PATH with `callgate`, and an `npm` that notes what it is asked for in `npm.log` beside the repository. */
  env: Record<string, string>;
  /** Runs git in the repository. */
  git(...args: string[]): string;
  /** Writes on a branch that starts at main, or goes on where it was, and commits; resolves to the commit. */
  commit(branch: string, write: (folder: string) => void): string;
  /** A fresh checkout, as a runner makes it; with `mergeInto`, of the commit merged into that one. */
  checkout(commit: string, mergeInto?: string): string;
  /** A fresh folder beside the checkouts. */
  temporary(): string;
}

/** Makes a policy repository of what a folder is filled with. */
export function policyRepository(
  fill: (folder: string) => void,
): PolicyRepository {
  const work = folderWith({ 'repository/.keep': '', 'bin/.keep': '' });
  const folder = join(work, 'repository');
  const tool = (name: string, script: string) => {
    writeFileSync(join(work, 'bin', name), script);
    chmodSync(join(work, 'bin', name), 0o755);
  };
  tool('callgate', `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  tool('npm', `#!/bin/sh\necho "$@" >> '${work}/npm.log'\n`);
  tool('node', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  const env = {
    PATH: `${join(work, 'bin')}:${process.env.PATH}`,
    HOME: work,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'somebody',
    GIT_AUTHOR_EMAIL: 'somebody@shop.example',
    GIT_COMMITTER_NAME: 'somebody',
    GIT_COMMITTER_EMAIL: 'somebody@shop.example',
  };
  const gitIn = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, encoding: 'utf8', env, stdio: 'pipe' });
  const git = (...args: string[]) => gitIn(folder, ...args).trim();
  const save = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'change');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  fill(folder);
  save();
  let places = 0;
  const temporary = () => {
    places += 1;
    const path = join(work, `place-${places}`);
    mkdirSync(path);
    return path;
  };
  return {
    folder,
    env,
    git,
    temporary,
    commit(branch, write) {
      const isNew = git('branch', '--list', branch) === '';
      git(
        'checkout',
        '--quiet',
        ...(isNew ? ['-b', branch, 'main'] : [branch]),
      );
      write(folder);
      return save();
    },
    checkout(commit, mergeInto) {
      const path = temporary();
      gitIn(work, 'clone', '--quiet', folder, path);
      gitIn(path, 'checkout', '--quiet', '--detach', mergeInto ?? commit);
      if (mergeInto)
        gitIn(
          path,
          'merge',
          '--quiet',
          '--no-ff',
          '--message',
          'merge',
          commit,
        );
      return path;
    },
  };
}

/** Grants of Shop that nothing could enforce. They are in the demo to show findings, and CI is red while they are there. */
const MISTAKES = [
  'payments-takes-cards',
  'web-shows-recommendations',
  'orders-worker-books',
  'label-service-sorts',
  'picking-starts-waves',
];

/** Fills a folder with Shop's policy repository, without the grants that have errors on purpose. */
export function fillWithShop(folder: string): void {
  cpSync(join(SHOP, 'repository'), folder, { recursive: true });
  for (const part of ['catalog', 'estate'])
    cpSync(join(SHOP, part), join(folder, part), { recursive: true });
  const policies = join(folder, 'policies/default');
  for (const name of readdirSync(policies)) {
    const path = join(policies, name);
    const document = parseDocument(readFileSync(path, 'utf8'));
    const grants = document.getIn(['spec', 'grants']) as YAMLSeq<YAMLMap>;
    grants.items = grants.items.filter(
      grant => !MISTAKES.includes(String(grant.get('id'))),
    );
    if (grants.items.length > 0) writeFileSync(path, document.toString());
    else rmSync(path);
  }
}
