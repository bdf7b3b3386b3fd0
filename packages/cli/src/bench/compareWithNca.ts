import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../UsageError';
import { generateWorld, type WorldShape } from './generateWorld';

const PACKAGE = 'network-config-analyzer==2.1.0';

/** What the other analyzer took for the world of one of our benchmarks. */
export interface OtherMeasurement {
  /** id of our benchmark on the same world */
  id: string;
  cpuMs: number;
  wallMs: number;
  /** Why there is no answer; times are what was spent until then. */
  problem?: string;
}

/** A question that takes longer is given up. */
const MOST_MS = 10 * 60_000;

interface Question {
  id: string;
  shape: WorldShape;
  /** the world after, for a semantic diff */
  after?: WorldShape;
}

const QUESTIONS: readonly Question[] = [
  { id: 'reach-400', shape: { workloads: 400, callers: 4, mesh: false } },
  {
    id: 'reach-200-mesh',
    shape: { workloads: 200, callers: 4, mesh: true, prefixes: true },
  },
  {
    id: 'diff-200',
    shape: { workloads: 200, callers: 4, mesh: false },
    after: { workloads: 200, callers: 4, mesh: false, without: 3 },
  },
];

/** CPU milliseconds of all processes that this one started and that have ended. */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // cutime and cstime, in hundredths of a second.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function run(command: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
  if (error || status === null || status > 1)
    throw new UsageError(
      `${command} ended with ${status ?? error?.message}: ${(stderr ?? '')
        .trim()
        .split('\n')
        .slice(-1)}`,
    );
}

function problemOf(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

/** The analyzer in a virtual environment of its own, made once. */
function install(folder: string): string {
  const command = join(folder, 'bin', 'nca');
  if (!existsSync(command)) {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', PACKAGE]);
  }
  return command;
}

function writeWorld(folder: string, shape: WorldShape): string {
  mkdirSync(folder, { recursive: true });
  const documents = generateWorld(shape).map(({ object }) => stringify(object));
  writeFileSync(join(folder, 'world.yaml'), documents.join('---\n'));
  return folder;
}

/**
 * Asks NCA the same questions about the same worlds (Linux with Python 3; the
 * first time it is installed from PyPI). A question that fails, or takes more
 * than ten minutes, is a problem of its own: the others are asked all the same.
 *
 * @param cache - folder for its virtual environment
 * @param progress - told before each question
 */
export function compareWithNca(
  cache: string,
  progress: (text: string) => void,
): OtherMeasurement[] {
  if (!existsSync('/proc/self/stat'))
    throw new UsageError('--with nca needs Linux: it reads /proc');
  progress('installing network-config-analyzer');
  const nca = install(join(cache, 'nca-2.1.0'));
  const worlds = mkdtempSync(join(tmpdir(), 'callgate-bench-'));
  try {
    return QUESTIONS.map(({ id, shape, after }) => {
      const folder = writeWorld(join(worlds, id), shape);
      const args = after
        ? (next => [
            ...['--semantic_diff', next, '-r', next],
            ...['-b', folder, '-rb', folder],
          ])(writeWorld(join(worlds, `${id}-after`), after))
        : ['--connectivity', folder, '-r', folder];
      progress(`network-config-analyzer: ${id}`);
      const cpu = childrenCpuMs();
      const start = performance.now();
      const problem = problemOf(() =>
        run(nca, [...args, '--file_out', join(worlds, 'out.txt')]),
      );
      return {
        id,
        cpuMs: childrenCpuMs() - cpu,
        wallMs: performance.now() - start,
        ...(problem !== undefined && { problem }),
      };
    });
  } finally {
    rmSync(worlds, { recursive: true });
  }
}
