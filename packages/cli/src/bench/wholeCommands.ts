import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { generateWorld, type WorldShape } from './generateWorld';
import type { Benchmark } from './measure';

/** Loaded into the process of the command: writes what it used when it ends. */
const REPORT = `process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync(process.env.CALLGATE_BENCH_USAGE, String(user + system));
});
`;

function manifestsOf(shape: WorldShape): string {
  return generateWorld(shape)
    .map(({ object }) => stringify(object, { aliasDuplicateObjects: false }))
    .join('---\n');
}

/** Runs this program as anybody would, and gives the CPU of its process. */
function runCommand(folder: string, args: readonly string[]): number {
  const usage = join(folder, 'usage');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'report.cjs'), process.argv[1], ...args],
    {
      env: { ...process.env, CALLGATE_BENCH_USAGE: usage },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  // A difference ends with 1.
  if (status !== 0 && status !== 1)
    throw new Error(
      `callgate ${args.join(' ')} ended with ${status}: ${stderr}`,
    );
  return Number(readFileSync(usage, 'utf8')) / 1000;
}

/** A command from its start to its last line: reading YAML and printing are part of it. */
function command(
  id: string,
  what: string,
  files: Readonly<Record<string, WorldShape>>,
  argsOf: (pathOf: (name: string) => string) => string[],
): Benchmark {
  return {
    id,
    what: `${what}, as a whole command`,
    prepare: () => {
      const folder = mkdtempSync(join(tmpdir(), 'callgate-bench-'));
      process.on('exit', () =>
        rmSync(folder, { recursive: true, force: true }),
      );
      writeFileSync(join(folder, 'report.cjs'), REPORT);
      for (const [name, shape] of Object.entries(files))
        writeFileSync(join(folder, `${name}.yaml`), manifestsOf(shape));
      const args = argsOf(name => join(folder, `${name}.yaml`));
      return () => ({ cpuMs: runCommand(folder, args) });
    },
    warmup: 1,
    runs: 5,
  };
}

/** What a person waits for: the three questions that other analyzers are asked, with start, YAML and printing. */
export const WHOLE_COMMANDS: readonly Benchmark[] = [
  command(
    'command-reach-400',
    'reach of 400 workloads, network policies',
    { world: { workloads: 400, callers: 4, mesh: false } },
    pathOf => ['reach', '--world', pathOf('world'), '-o', 'json'],
  ),
  command(
    'command-reach-200-mesh',
    'reach of 200 workloads, network policies and authorization policies',
    { world: { workloads: 200, callers: 4, mesh: true, prefixes: true } },
    pathOf => [
      'reach',
      '--world',
      pathOf('world'),
      '--mesh',
      'sidecar',
      '-o',
      'json',
    ],
  ),
  command(
    'command-diff-200',
    'semantic diff of 200 workloads, 3 edges removed',
    {
      before: { workloads: 200, callers: 4, mesh: false },
      after: { workloads: 200, callers: 4, mesh: false, without: 3 },
    },
    pathOf => [
      'diff',
      '--before',
      pathOf('before'),
      '--after',
      pathOf('after'),
      '-o',
      'json',
    ],
  ),
];
