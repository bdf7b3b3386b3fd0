import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inRoot } from './paths.mjs';
import { parsePort, portsFor, requireFreePorts } from './ports.mjs';
import { Problem } from './problem.mjs';
import { foreground } from './process.mjs';
import { seconds } from './step.mjs';

const USAGE =
  'npm start -- [--port N] [--data FOLDER] [--config FILE]… [--built] [--live], for example: npm start -- --port 3100';

const backstageCli = inRoot('node_modules/@backstage/cli/bin/backstage-cli');

/** What the pages are built from. */
const SOURCES_OF_PAGES = ['packages/app', 'packages/policy', 'plugins'];

/** How long a start may take before a person should look at what it printed, in milliseconds. */
const PATIENCE = 180_000;

/** The portal for a laptop: demo people, local forge, SQLite, all data in one folder. */
export const start = {
  parse: parseStartOptions,
  check: ({ ports }) => requireFreePorts(ports),
  run: runPortal,
};

export function parseStartOptions(args) {
  const options = {
    ports: portsFor(),
    data: inRoot('.data'),
    configs: [],
    built: false,
    live: false,
  };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].split(/=(.*)/s);
    const value = () => {
      const text = inline ?? args[++i];
      if (!text) {
        throw new Problem(`${name} needs a value.`, USAGE);
      }
      return text;
    };
    if (name === '--port') {
      options.ports = portsFor(parsePort(inline ?? args[++i]));
    } else if (name === '--data') {
      options.data = path.resolve(value());
    } else if (name === '--config') {
      options.configs.push(readable(path.resolve(value())));
    } else if (name === '--built') {
      options.built = true;
    } else if (name === '--live') {
      options.live = true;
    } else {
      throw new Problem(`npm start does not know ${args[i]}.`, USAGE);
    }
  }
  // Built pages come from the backend, as in production: what people open is its own address.
  if (options.built) options.ports.backend = options.ports.frontend;
  return options;
}

function readable(file) {
  if (!fs.existsSync(file)) {
    throw new Problem(`There is no configuration file ${file}.`, USAGE);
  }
  return file;
}

/** What differs between machines and runs goes by the environment; files hold what is the same everywhere. */
export function portalEnvironment({ ports, data }) {
  const app = `http://localhost:${ports.frontend}`;
  const backend = `http://localhost:${ports.backend}`;
  return {
    APP_CONFIG_app_baseUrl: app,
    APP_CONFIG_backend_baseUrl: backend,
    APP_CONFIG_backend_listen_port: String(ports.backend),
    APP_CONFIG_backend_cors_origin: app,
    APP_CONFIG_backend_database_connection_directory: path.join(
      data,
      'database',
    ),
    APP_CONFIG_callgate_dataDirectory: data,
    BROWSER: 'none',
  };
}

async function runPortal(options) {
  const { data, built, live } = options;
  fs.mkdirSync(path.join(data, 'database'), { recursive: true });
  if (built) {
    const status = await buildPages();
    if (status !== 0) return status;
  }
  if (!live) return servePortal(options);

  // What it needs is installed only now.
  const { startLive } = await import('./live/startLive.mjs');
  const clusters = await startLive(data);
  if (clusters.status !== undefined) return clusters.status;
  try {
    return await servePortal({
      ...options,
      configs: [...options.configs, clusters.config],
    });
  } finally {
    await clusters.stop();
  }
}

async function servePortal(options) {
  const { ports, configs, built } = options;
  const files = [
    inRoot('app-config.yaml'),
    inRoot('app-config.demo.yaml'),
    ...configs,
  ];
  const announcement = announceWhenReady(ports);
  const status = await foreground(
    process.execPath,
    [
      backstageCli,
      ...(built ? ['package', 'start'] : ['repo', 'start']),
      ...files.flatMap(file => ['--config', file]),
    ],
    {
      env: portalEnvironment(options),
      ...(built && { cwd: inRoot('packages/backend') }),
    },
  );
  announcement.stop();
  return status;
}

/** The pages as they are shipped, built where a source is newer than the last build. */
async function buildPages() {
  const built = inRoot('packages/app/dist/index.html');
  if (isNewer(built, SOURCES_OF_PAGES)) return 0;
  return foreground(process.execPath, [backstageCli, 'package', 'build'], {
    cwd: inRoot('packages/app'),
  });
}

/** Whether a file is there and newer than everything in the folders. */
function isNewer(file, folders) {
  const made = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return (
    made !== undefined &&
    folders.every(folder =>
      fs
        .globSync('**/*', {
          cwd: inRoot(folder),
          exclude: name => name === 'node_modules' || name.startsWith('dist'),
        })
        .every(name => fs.statSync(inRoot(folder, name)).mtimeMs < made),
    )
  );
}

/** Says where the portal is, once, when first the backend and then the pages answer. */
function announceWhenReady({ frontend, backend }) {
  const started = Date.now();
  const portal = `http://localhost:${frontend}/`;
  const urls = [
    `http://localhost:${backend}/.backstage/health/v1/readiness`,
    portal,
  ];
  const stopped = new AbortController();
  const ready = async () => {
    for (const url of urls) {
      while (!(await answers(url, stopped.signal))) {
        await setTimeout(500, undefined, { signal: stopped.signal });
      }
    }
    process.stdout.write(
      `\n✓ The portal is ready after ${seconds(
        Date.now() - started,
      )}: ${portal}\n  Stop it with Ctrl+C.\n\n`,
    );
  };
  const late = async () => {
    await setTimeout(PATIENCE, undefined, { signal: stopped.signal });
    process.stderr.write(
      `\n✗ The portal is not ready after ${seconds(
        PATIENCE,
      )}. What is wrong stands above, where it says "error".\n\n`,
    );
  };
  // Whichever comes first ends the other; being stopped ends both, and then there is nothing to say.
  Promise.race([ready(), late()])
    .catch(() => {})
    .finally(() => stopped.abort());
  return { stop: () => stopped.abort() };
}

async function answers(url, signal) {
  try {
    return (await fetch(url, { signal })).ok;
  } catch {
    return false;
  }
}
