import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from './pack.mjs';
import { tryPacked } from './packed.mjs';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { foreground } from './process.mjs';
import { PUBLISHED } from './published.mjs';
import { start } from './start.mjs';

const backstageCli = inRoot('node_modules/@backstage/cli/bin/backstage-cli');
const repoTools = inRoot(
  'node_modules/@backstage/repo-tools/bin/backstage-repo-tools',
);
/** Lets Node run TypeScript. */
const nodeTransform = inRoot(
  'node_modules/@backstage/cli/config/nodeTransform.cjs',
);
const bin = {
  changeset: inRoot('node_modules/@changesets/cli/bin.js'),
  eslint: inRoot('node_modules/eslint/bin/eslint.js'),
  playwright: inRoot('node_modules/@playwright/test/cli.js'),
  prettier: inRoot('node_modules/prettier/bin-prettier.js'),
  tsc: inRoot('node_modules/typescript/bin/tsc'),
};

const node = (args, options) => foreground(process.execPath, args, options);

/** One after the other, up to the first that fails. */
async function inOrder(...commands) {
  for (const command of commands) {
    const status = await command();
    if (status !== 0) {
      return status;
    }
  }
  return 0;
}

const tsc = args => node([bin.tsc, ...args]);

/** Where `.ci/run` wants the results, in a form that can be counted. */
const reports = process.env.CALLGATE_TEST_REPORTS;

function unitTests(args) {
  const watches = args.some(arg => arg.startsWith('--watch'));
  return node(
    [
      backstageCli,
      'repo',
      'test',
      ...(watches ? [] : ['--watchAll=false']),
      '--passWithNoTests',
      // In CI engines are built and checks run at the same time: what takes a second alone may take ten there.
      ...(process.env.CI
        ? [`--maxWorkers=${os.cpus().length}`, '--testTimeout=30000']
        : []),
      ...(reports
        ? ['--json', `--outputFile=${path.join(reports, 'jest.json')}`]
        : []),
      ...args,
    ],
    {
      // Databases in containers are started by hand or not at all: see CONTRIBUTING.md, "Tests against PostgreSQL".
      env: { BACKSTAGE_TEST_DISABLE_DOCKER: '1' },
    },
  );
}

function scriptTests(args = []) {
  const toFile = reports
    ? [
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        '--test-reporter=tap',
        `--test-reporter-destination=${path.join(reports, 'node-test.log')}`,
      ]
    : [];
  return node([
    '--test',
    ...toFile,
    ...args,
    inRoot('scripts/test/*.test.mjs'),
  ]);
}

/** Options of `adversary`; what is left out is as in `npm test`. */
function parseAdversary(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      mutants: { type: 'boolean' },
      only: { type: 'string' },
      by: { type: 'string' },
    },
  });
  return { args, ...values };
}

/** More sequences of the adversary suite than `npm test` plays, or every fence taken out, one at a time. */
async function adversary({ runs, seed, mutants, only, by }) {
  if (mutants) {
    const { runFences } = await import('../fences/runFences.mjs');
    return runFences({
      runs: runs ?? '300',
      seed: seed ?? '1',
      only: only?.split(','),
      by: by?.split(','),
    });
  }
  return foreground(
    process.execPath,
    [
      ...[backstageCli, 'package', 'test', '--watchAll=false'],
      'src/adversary/adversary.test.ts',
    ],
    {
      cwd: inRoot('plugins/callgate-backend'),
      env: {
        CALLGATE_ADVERSARY_RUNS: runs ?? '2000',
        CALLGATE_ADVERSARY_COUNTS: '1',
        CALLGATE_ADVERSARY_SEED: seed ?? 'random',
      },
    },
  );
}

/** Options of `load`. */
function parseLoad(args) {
  const { values } = parseArgs({
    args,
    options: { requests: { type: 'string' }, seed: { type: 'string' } },
  });
  return { args, ...values };
}

/** Two backends on one PostgreSQL, fifty people and a forge that fails one call in five. */
async function load({ requests, seed }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'callgate-load-'));
  const postgres = action =>
    execFileSync(inRoot('.ci/postgres'), [action, path.join(folder, 'pg')], {
      encoding: 'utf8',
    }).trim();
  try {
    const url = postgres('start');
    try {
      return await foreground(
        process.execPath,
        [
          ...[backstageCli, 'package', 'test', '--watchAll=false'],
          'src/load/load.test.ts',
        ],
        {
          cwd: inRoot('plugins/callgate-backend-module-github'),
          env: {
            BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: url,
            CALLGATE_LOAD_REQUESTS: requests ?? '1000',
            CALLGATE_LOAD_FIGURES: '1',
            ...(seed && { CALLGATE_LOAD_SEED: seed }),
          },
        },
      );
    } finally {
      postgres('stop');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reading live clusters, from an API server of Kubernetes that is made for it: tests, or a proof with figures. */
function liveClusters(args) {
  const made = execFileSync(
    process.execPath,
    [inRoot('conformance/engines.mjs'), 'apiserver', 'kubectl'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { apiserver, kubectl } = JSON.parse(made);
  const proof = args.indexOf('--proof');
  return foreground(
    process.execPath,
    proof === -1
      ? [
          ...[backstageCli, 'package', 'test', '--watchAll=false'],
          'src/tests',
          ...args,
        ]
      : [
          ...['--require', nodeTransform, 'src/__testUtils__/proof/main.ts'],
          ...args.toSpliced(proof, 1),
        ],
    {
      cwd: inRoot('plugins/callgate-backend-module-kubernetes'),
      env: { CALLGATE_APISERVER: apiserver, CALLGATE_KUBECTL: kubectl },
    },
  );
}

/** What packing takes: made where a package lacks it, so that it is there at the first time as well. */
async function buildWhatIsMissing() {
  const missing = PUBLISHED.filter(
    folder => !existsSync(inRoot(folder, 'dist')),
  );
  if (missing.length === 0) return 0;
  return inOrder(
    () => tsc([]),
    () => node([backstageCli, 'repo', 'build']),
  );
}

/** Options of `test:install`. */
function parseInstall(args) {
  const { values } = parseArgs({
    args,
    options: { keep: { type: 'boolean' }, only: { type: 'string' } },
  });
  if (values.only && !['new', 'classic', 'previous'].includes(values.only)) {
    throw new Problem(
      `--only takes new or classic or previous, not "${values.only}".`,
      'Without it, all are tried.',
    );
  }
  return { args, ...values };
}

async function installed(options) {
  // Stopped by hand, it clears away as it does at its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(130));
  }
  // Needs what `setup` installs.
  const { tryInstalled } = await import('./install/tryInstalled.mjs');
  return tryInstalled(options);
}

/** Options of `pack`. */
function parsePack([folder, ...more]) {
  if (!folder || more.length > 0) {
    throw new Problem(
      'npm run pack needs one folder for the tarballs.',
      'For example: npm run pack -- ../callgate-packages',
    );
  }
  return { args: [], into: path.resolve(folder) };
}

/** Tarballs of everything that is published, for a Backstage whose registry does not have it. */
async function packInto({ into }) {
  mkdirSync(into, { recursive: true });
  const tarballs = await pack(PUBLISHED, into);
  const resolutions = Object.fromEntries(
    [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]),
  );
  console.log(JSON.stringify({ resolutions }, null, 2));
  return 0;
}

/** The root scripts of package.json. Each takes further arguments for the tool that it runs. */
export const COMMANDS = {
  setup: { run: async () => 0 },
  start,
  test: {
    run: ({ args }) =>
      args.length > 0
        ? unitTests(args)
        : inOrder(
            () => scriptTests(),
            () => unitTests([]),
          ),
  },
  'test:scripts': { run: ({ args }) => scriptTests(args) },
  'test:e2e': {
    run: ({ args }) =>
      node([bin.playwright, 'test', ...args], { cwd: inRoot('e2e') }),
  },
  'test:packed': { run: () => tryPacked() },
  'test:install': {
    parse: parseInstall,
    run: options => inOrder(buildWhatIsMissing, () => installed(options)),
  },
  pack: {
    parse: parsePack,
    run: options => inOrder(buildWhatIsMissing, () => packInto(options)),
  },
  changeset: { run: ({ args }) => node([bin.changeset, ...args]) },
  conformance: {
    run: ({ args }) =>
      node([
        '--require',
        nodeTransform,
        inRoot('conformance/src/main.ts'),
        ...args,
      ]),
  },
  adversary: { parse: parseAdversary, run: adversary },
  load: { parse: parseLoad, run: load },
  'live-clusters': { run: ({ args }) => liveClusters(args) },
  tsc: { run: ({ args }) => tsc(args) },
  lint: {
    run: ({ args }) =>
      inOrder(
        () => node([backstageCli, 'repo', 'lint', ...args]),
        () => node([bin.eslint, '--ext', '.ts', 'e2e', 'conformance/src']),
      ),
  },
  'build:all': {
    run: ({ args }) =>
      inOrder(
        () => tsc([]),
        () => node([backstageCli, 'repo', 'build', '--all', ...args]),
      ),
  },
  'api-reports': {
    run: ({ args }) =>
      inOrder(
        () => tsc([]),
        // Names that say all need no sentence, and types of other packages of ours come from their sources; everything
        // else is an error.
        () =>
          node([
            repoTools,
            'api-reports',
            ...PUBLISHED,
            '--sql-reports',
            ...['-o', 'ae-undocumented,ae-wrong-input-file-type'],
            ...args,
          ]),
      ),
  },
  'prettier:check': {
    run: ({ args }) => node([bin.prettier, '--check', '.', ...args]),
  },
  'prettier:fix': {
    run: ({ args }) => node([bin.prettier, '--write', '.', ...args]),
  },
  fix: {
    run: ({ args }) => node([backstageCli, 'repo', 'fix', ...args]),
  },
  clean: {
    run: ({ args }) => node([backstageCli, 'repo', 'clean', ...args]),
  },
  'backstage-cli': { run: ({ args }) => node([backstageCli, ...args]) },
};
