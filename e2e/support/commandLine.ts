import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { portal } from './portal';

const SHOP = path.resolve(__dirname, '../../examples/shop');
const CALLGATE = path.resolve(__dirname, '../../node_modules/.bin/callgate');
const CLUSTERS = ['prod-eu', 'staging'];

/** A row of `callgate access`, as far as these tests look at it. */
export interface CommandLineRow {
  caller: { ref: string };
  grants: {
    id: string;
    /** How much of it is in force, such as `effective`, or `error`. */
    standing: string;
    operations: { method?: string; path?: string }[];
  }[];
}

/**
 * What the command line says of who can call an API, by the files of a branch of the portal's policy repository.
 *
 * @param branch - of a pull request, where it is not what is in force
 */
export function onCommandLine(
  api: string,
  branch = 'main',
): { sentence: string; rows: CommandLineRow[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'callgate-e2e-branch-'));
  try {
    execFileSync(
      'git',
      [
        ...['clone', '-q', '--branch', branch],
        ...[path.join(portal.data, 'policies.git'), folder],
      ],
      { stdio: 'pipe' },
    );
    const answer = execFileSync(
      process.execPath,
      [
        ...[CALLGATE, 'access', api, '-o', 'json', '--catalog', 'catalog'],
        ...['--policies', `${folder}/policies`, '--estate'],
        ...CLUSTERS.flatMap(name => [
          `${name}=estate/${name}`,
          `${name}=${folder}/clusters/${name}`,
        ]),
        '--profile',
        ...CLUSTERS.map(name => `${name}=${folder}/profiles/${name}.yaml`),
      ],
      { cwd: SHOP, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    return JSON.parse(answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
