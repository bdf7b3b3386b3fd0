import { spawn } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { Problem } from '../problem.mjs';

/** How long it may take to start, to serve what was defined, or to end, in milliseconds; seconds where nobody else works. */
const PATIENCE = 90_000;
const PATIENCE_WITH_END = 10_000;

/** One document with every kind and how its paths are (Kubernetes, "API concepts": aggregated discovery). */
const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const MANAGER = 'callgate-demo';

/**
 * An API server of Kubernetes in a process of its own, as conformance/apiserver/README.md describes it. It ends with its
 * standard input, so also where this process is ended by force.
 */
export class ApiServer {
  #child;
  #ended;
  #agent;

  /** Where it answers, and as whom one may do everything there: `{ url, token, ca, folder }`. */
  address;

  constructor(child, ended, address) {
    this.#child = child;
    this.#ended = ended;
    this.#agent = new https.Agent({
      keepAlive: true,
      maxSockets: 8,
      ca: address.ca,
    });
    this.address = address;
  }

  /**
   * @param binary - as `conformance/engines.mjs apiserver` makes it
   * @param signal - gives the start up; the process then ends
   * @param options - `services`, the range of the Services' addresses
   */
  static async start(binary, signal, { services } = {}) {
    // In a group of its own: Ctrl+C reaches the portal first, which reads from it until it ends itself.
    const child = spawn(binary, services ? ['--services', services] : [], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    child.stdin.on('error', () => {});
    const ended = new Promise(resolve => {
      child.on('close', resolve);
      child.on('error', resolve);
    });
    const line = new Promise(resolve => {
      createInterface({ input: child.stdout }).once('line', resolve);
    });
    const first = await within(signal, Promise.race([line, ended])).catch(
      async error => {
        await end(child, ended);
        throw error;
      },
    );
    if (typeof first !== 'string') {
      throw new Problem(
        `The API server ended before it answered${
          first instanceof Error ? ` (${first.message})` : ''
        }.`,
        `What it says: ${binary} </dev/null`,
      );
    }
    return new ApiServer(child, ended, JSON.parse(first));
  }

  /** Ends it; nothing of it is left. */
  async stop() {
    this.#agent.destroy();
    await end(this.#child, this.#ended);
    // It does so itself, but where it had to be ended by force.
    fs.rmSync(this.address.folder, { recursive: true, force: true });
  }

  /**
   * The kinds that it serves now: by `apiVersion/kind`, the path of their objects.
   *
   * @returns a map to functions of the namespace, which is not asked about where there is none
   */
  async kinds(signal) {
    const served = new Map();
    for (const root of ['/api', '/apis']) {
      const { items } = await this.ask('GET', root, { signal });
      for (const { metadata, versions } of items) {
        for (const { version, resources } of versions) {
          const group = metadata.name ? `${metadata.name}/` : '';
          for (const { resource, responseKind, scope } of resources) {
            const path = `${root}/${group}${version}`;
            served.set(
              `${group}${version}/${responseKind.kind}`,
              scope === 'Namespaced'
                ? namespace => `${path}/namespaces/${namespace}/${resource}`
                : () => `${path}/${resource}`,
            );
          }
        }
      }
    }
    return served;
  }

  /** Makes the objects or changes them into what is written, as JSON, without a client that would leave out what it does not know. */
  async apply(objects, kinds, signal) {
    const query = `fieldManager=${MANAGER}&force=true&fieldValidation=Strict`;
    await Promise.all(
      objects.map(object => {
        const { name, namespace = 'default' } = object.metadata;
        const path = kinds.get(keyOf(object))(namespace);
        return this.ask('PATCH', `${path}/${name}?${query}`, {
          signal,
          type: 'application/apply-patch+yaml',
          body: JSON.stringify(object),
        });
      }),
    );
  }

  /** Loads definitions of kinds, and waits until all of them are served. */
  async define(definitions, signal) {
    await this.apply(definitions, await this.kinds(signal), signal);
    const wanted = definitions.flatMap(({ spec }) =>
      spec.versions
        .filter(({ served }) => served)
        .map(({ name }) => `${spec.group}/${name}/${spec.names.kind}`),
    );
    const limit = Date.now() + PATIENCE;
    for (;;) {
      const kinds = await this.kinds(signal);
      const missing = wanted.filter(kind => !kinds.has(kind));
      if (missing.length === 0) return kinds;
      if (Date.now() > limit) {
        throw new Error(`The API server does not serve ${missing.join(', ')}`);
      }
      await setTimeout(50, undefined, { signal });
    }
  }

  /**
   * The answer of the server, parsed.
   *
   * @throws Error for any status but 2xx, with what the server says; never with a token
   */
  ask(method, path, { body, type = 'application/json', signal } = {}) {
    const { url, token } = this.address;
    return new Promise((resolve, reject) => {
      const sent = https.request(
        `${url}${path}`,
        {
          method,
          agent: this.#agent,
          signal,
          headers: {
            authorization: `Bearer ${token}`,
            accept: /^\/apis?$/.test(path) ? AGGREGATED : 'application/json',
            ...(body && { 'content-type': type }),
          },
        },
        response => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode >= 200 && response.statusCode < 300) {
              resolve(JSON.parse(text));
            } else {
              reject(
                new Error(
                  `The API server answers ${method} ${path} with ${response.statusCode}: ${text}`,
                ),
              );
            }
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

export const keyOf = ({ apiVersion, kind }) => `${apiVersion}/${kind}`;

/** The result, or an error as soon as the signal says so or patience ends. */
async function within(signal, result) {
  const done = new AbortController();
  const signals = AbortSignal.any([done.signal, ...(signal ? [signal] : [])]);
  const late = setTimeout(PATIENCE, undefined, { signal: signals }).then(() => {
    throw new Problem(
      `The API server does not answer after ${PATIENCE / 1000} s.`,
      'Try again when this machine has less to do.',
    );
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    done.abort();
    late.catch(() => {});
  }
}

async function end(child, ended) {
  child.stdin.end();
  const limit = new AbortController();
  const force = setTimeout(PATIENCE_WITH_END, undefined, {
    signal: limit.signal,
  }).then(
    () => child.kill('SIGKILL'),
    () => {},
  );
  await ended;
  limit.abort();
  await force;
}
