import { spawn } from 'node:child_process';
import { parse } from 'yaml';

/** How a job of CI ended. */
export interface JobRun {
  /** The step that ended it: its name on GitHub, its first `callgate` or other command on GitLab; absent when all went well. */
  failedAt?: string;
  /** Everything that the job wrote, as its log has it. */
  log: string;
}

/** Where a job runs, and what it finds there. */
export interface JobPlace {
  /** The checkout. */
  cwd: string;
  /** Environment of every step, which stands for what the runner sets. */
  env: Readonly<Record<string, string>>;
}

/** Values of `github.…` in expressions, as nested objects. */
export type GithubContext = Readonly<Record<string, unknown>>;

interface Step {
  name?: string;
  uses?: string;
  with?: Record<string, unknown>;
  if?: string;
  env?: Record<string, string>;
  run?: string;
}

/** A bash in the place; resolves with its exit code, and all that it wrote in the order in which it came. */
async function bash(
  args: readonly string[],
  script: string,
  place: JobPlace,
): Promise<{ code: number; log: string }> {
  const child = spawn('bash', [...args, '-c', script], {
    cwd: place.cwd,
    env: { ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const note = (text: string) => {
    log += text;
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', code => done({ code: code ?? 1, log }));
  });
}

/** What an operand of a GitHub expression is: a path below `github`. Anything else is not known here. */
function lookUp(path: string, github: GithubContext): string {
  const [root, ...names] = path.trim().split('.');
  if (root !== 'github' || names.length === 0)
    throw new Error(`The stand-in knows no ${path}`);
  const value = names.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | undefined)?.[name],
    github,
  );
  return value === undefined ? '' : String(value);
}

/** Puts values into a text before anybody reads it, which is what makes titles in a script dangerous. */
const substitute = (text: string, github: GithubContext) =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, path) => lookUp(path, github));

const substituteAll = (
  env: Record<string, string> | undefined,
  github: GithubContext,
) =>
  Object.fromEntries(
    Object.entries(env ?? {}).map(([name, value]) => [
      name,
      substitute(String(value), github),
    ]),
  );

function holds(condition: string | undefined, github: GithubContext): boolean {
  if (condition === undefined) return true;
  const [left, right, ...more] = condition.split('==');
  if (right === undefined || more.length > 0)
    throw new Error(`The stand-in knows no condition ${condition}`);
  return lookUp(left, github) === lookUp(right, github);
}

/**
 * Runs the steps of one job of a GitHub workflow, one after the other, until one fails. Steps that use an action only have
 * to be pinned: their work is the caller's.
 *
 * Shells as GitHub starts them:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#defaultsrunshell
 *
 * @param text - the workflow
 * @param job - name of the job
 * @param place - the checkout, and the environment that a runner has
 * @param github - the context `github`
 * @param env - values in place of those of `env` at the top, as whoever copies the file writes them
 */
export async function runGithubJob(
  text: string,
  job: string,
  place: JobPlace,
  github: GithubContext,
  env: Readonly<Record<string, string>> = {},
): Promise<JobRun> {
  const workflow = parse(text);
  if (workflow.defaults.run.shell !== 'bash')
    throw new Error('The stand-in knows bash alone');
  let log = '';
  for (const step of workflow.jobs[job].steps as Step[]) {
    if (step.uses !== undefined) {
      if (!/@[0-9a-f]{40}$/.test(step.uses))
        throw new Error(`${step.uses} is not pinned to a commit`);
      continue;
    }
    if (!holds(step.if, github)) continue;
    const ended = await bash(
      ['--noprofile', '--norc', '-eo', 'pipefail'],
      substitute(step.run!, github),
      {
        cwd: place.cwd,
        env: {
          ...place.env,
          ...substituteAll(workflow.env, github),
          ...env,
          ...substituteAll(step.env, github),
        },
      },
    );
    log += ended.log;
    if (ended.code !== 0) return { failedAt: step.name, log };
  }
  return { log };
}

/** Whether a condition of `rules:` holds: variables, texts, `==` and `&&`. */
function ruleHolds(
  condition: string,
  env: Readonly<Record<string, string>>,
): boolean {
  const operand = (text: string) =>
    text.startsWith('$') ? env[text.slice(1)] ?? '' : JSON.parse(text);
  return condition.split('&&').every(each => {
    const [left, right] = each.split('==').map(side => side.trim());
    return right === undefined
      ? operand(left) !== ''
      : operand(left) === operand(right);
  });
}

/**
 * Runs one job of a GitLab pipeline, if its rules let it: the lines of `before_script` and `script` in one shell, which
 * ends with the first that fails.
 *
 * @param text - the configuration
 * @param job - name of the job, which may extend one other
 * @param place - the checkout, and the environment that a runner has
 * @returns `undefined` where no rule adds the job to the pipeline
 */
export async function runGitlabJob(
  text: string,
  job: string,
  place: JobPlace,
): Promise<JobRun | undefined> {
  const config = parse(text);
  const own = config[job];
  const merged = { ...config[own.extends], ...own };
  const env = Object.fromEntries(
    Object.entries({
      ...config.variables,
      ...merged.variables,
      ...place.env,
    }).map(([name, value]) => [name, String(value)]),
  );
  if (!own.rules.some((rule: { if: string }) => ruleHolds(rule.if, env)))
    return undefined;
  const lines: string[] = [...merged.before_script, ...merged.script];
  const script = lines
    .map((line, index) => `echo "line ${index}"\n${line}\n`)
    .join('');
  const { code, log } = await bash(['-eo', 'pipefail'], script, {
    cwd: place.cwd,
    env,
  });
  if (code === 0) return { log };
  const last = [...log.matchAll(/^line (\d+)$/gm)].pop();
  const failed = lines[Number(last?.[1])];
  return { failedAt: /callgate [a-z]+/.exec(failed)?.[0] ?? failed, log };
}
