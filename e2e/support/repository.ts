import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { portal } from './portal';

/** Puts a file on the target branch of the policy repository, as somebody does who works with Git alone. */
export function commitByHand(file: string, text: string): void {
  commitAll({ [file]: text });
}

/** The same for several files at once; `undefined` removes one. */
export function commitAll(files: Record<string, string | undefined>): void {
  const clone = mkdtempSync(path.join(tmpdir(), 'callgate-e2e-clone-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', clone, ...args], { stdio: 'pipe' });
  try {
    git('clone', '-q', path.join(portal.data, 'policies.git'), '.');
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(clone, file);
      if (text === undefined) {
        rmSync(target, { force: true });
      } else {
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    }
    git('add', '-A');
    git(
      ...['-c', 'user.name=By hand', '-c', 'user.email=hand@shop.example'],
      ...['commit', '-qm', 'A change by hand'],
    );
    git('push', '-q', 'origin', 'HEAD:main');
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

/** A file as the target branch has it. */
export function fileOnMain(file: string): string {
  return execFileSync(
    'git',
    ['-C', path.join(portal.data, 'policies.git'), 'show', `main:${file}`],
    { encoding: 'utf8' },
  );
}

/** The texts of files that the target branch has, by their names. */
export function filesOnMain(names: RegExp): string[] {
  const listed = execFileSync(
    'git',
    [
      ...['-C', path.join(portal.data, 'policies.git')],
      ...['ls-tree', '-r', '--name-only', 'main'],
    ],
    { encoding: 'utf8' },
  );
  return listed
    .trim()
    .split('\n')
    .filter(name => names.test(name))
    .map(fileOnMain);
}

/** The last day of each grant of a caller of an API, such as `2027-03-01`, by the declaration on the target branch. */
export function lastDays(api: string, caller: string): (string | undefined)[] {
  const text = fileOnMain(`policies/default/${api}.yaml`);
  const { spec } = parse(text) as {
    spec: { grants: { caller: string; until?: string }[] };
  };
  return spec.grants
    .filter(grant => grant.caller === `component:default/${caller}`)
    .map(({ until }) => until);
}
