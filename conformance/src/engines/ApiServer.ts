import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Manifest } from '../worlds/types';
import {
  ApiAnswer,
  ApiClient,
  apiPath,
  ApiResource,
  ApiServerAddress,
} from './ApiClient';
import { EngineError } from './EngineError';
import { Engines } from './makeEngines';

/** An object, and where it was written as YAML, the text of it: that is what the server then reads. */
export interface Submission {
  object: Manifest;
  text?: string;
}

const ENGINE = 'API server';

/** How long starting may take, with Istio's definitions: a few seconds where nobody else works. */
const START = 90_000;

/** How long it may take to end before it is ended by force. */
const END = 10_000;

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const pause = (ms: number) => new Promise(done => setTimeout(done, ms));

/**
 * A kube-apiserver with Istio's definitions, asked by server-side dry run with
 * strict fields whether it takes an object (Kubernetes, "API concepts":
 * dry-run, field validation). It starts with the first question.
 */
export class ApiServer {
  #child?: ChildProcessWithoutNullStreams;
  #ready?: Promise<ApiClient>;
  #folder?: string;
  #complaint = '';
  #exit: number | string | undefined;
  readonly #kinds = new Map<
    string,
    Promise<ReadonlyMap<string, ApiResource>>
  >();
  readonly #namespaces = new Map<string, Promise<string>>();
  /** What the server said about an object, by its whole text: it says the same again. */
  readonly #known = new Map<string, Promise<string>>();

  constructor(private readonly paths: Engines) {}

  /** How many objects it was asked about, each once. */
  get asked(): number {
    return this.#known.size;
  }

  /** One text for each object: why the server refuses it, empty for an object that is taken. */
  async reasonsFor(submissions: readonly Submission[]): Promise<string[]> {
    if (submissions.length === 0) return [];
    this.#ready ??= this.#start();
    const client = await this.#ready;
    return Promise.all(
      submissions.map(({ object, text }) => {
        const body = text ?? JSON.stringify(object);
        const known = this.#known.get(body) ?? this.#ask(client, object, text);
        this.#known.set(body, known);
        return known;
      }),
    );
  }

  /** What it refuses of the objects, each with its name. */
  async problemsOf(submissions: readonly Submission[]): Promise<string[]> {
    const reasons = await this.reasonsFor(submissions);
    return submissions.flatMap(({ object: { kind, metadata } }, index) =>
      reasons[index] === ''
        ? []
        : `${kind} ${metadata.namespace}/${metadata.name}: ${reasons[index]}`,
    );
  }

  /** Ends it, also while it starts; nothing of it is left. */
  async end(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.stdin.end();
    const limit = Date.now() + END;
    while (this.#exit === undefined) {
      if (Date.now() > limit) child.kill('SIGKILL');
      await pause(10);
    }
    // It does so itself, but where it could not.
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<ApiClient> {
    const child = spawn(this.paths.apiserver);
    this.#child = child;
    child.stderr.on(
      'data',
      chunk => (this.#complaint = `${this.#complaint}${chunk}`.slice(-4000)),
    );
    // Its end is reported by itself.
    child.stdin.on('error', () => undefined);
    child.on('error', error => (this.#exit = error.message));
    child.on('exit', (code, signal) => (this.#exit = signal ?? code ?? ''));
    let line: string | undefined;
    createInterface({ input: child.stdout }).on('line', text => {
      line ??= text;
    });
    await this.#until('be ready', async () => line !== undefined);
    const address: ApiServerAddress = JSON.parse(line ?? '');
    this.#folder = address.folder;
    const client = new ApiClient(address, message => this.#error(message));
    await this.#define(client);
    return client;
  }

  /** Loads Istio's definitions of what is asked about, and waits until objects of them are served. */
  async #define(client: ApiClient): Promise<void> {
    const texts = readFileSync(this.paths.definitions, 'utf8')
      .split(/^---$/m)
      .filter(text => /^ {2}group: security\.istio\.io$/m.test(text));
    if (texts.length === 0)
      throw this.#error(`no definitions in ${this.paths.definitions}`);
    const kinds = texts.map(text => /^ {4}kind: (\w+)$/m.exec(text)?.[1]);
    for (const text of texts) {
      const { status, body } = await client.post(DEFINITIONS, { text });
      if (status !== 201) throw this.#error(`refuses a definition: ${body}`);
    }
    await this.#until('serve what is defined', async () => {
      const served = await client.kinds('security.istio.io/v1');
      return kinds.every(kind => kind !== undefined && served.has(kind));
    });
  }

  /** Why the object is refused. */
  async #ask(
    client: ApiClient,
    object: Manifest,
    text: string | undefined,
  ): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    const kinds = this.#kinds.get(apiVersion) ?? client.kinds(apiVersion);
    this.#kinds.set(apiVersion, kinds);
    const resource = (await kinds).get(kind);
    if (!resource) return `the server has no ${kind} of ${apiVersion}`;
    let scope = '';
    if (resource.namespaced) {
      const { namespace = 'default' } = metadata;
      const problem =
        this.#namespaces.get(namespace) ??
        this.#makeNamespace(client, namespace);
      this.#namespaces.set(namespace, problem);
      if ((await problem) !== '') return problem;
      scope = `/namespaces/${namespace}`;
    }
    const path = `${apiPath(apiVersion)}${scope}/${resource.name}`;
    return this.#reason(
      await client.post(`${path}?dryRun=All&fieldValidation=Strict`, {
        object,
        text,
      }),
    );
  }

  async #makeNamespace(client: ApiClient, name: string): Promise<string> {
    const object = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    };
    const answer = await client.post('/api/v1/namespaces', { object });
    // There from the start, as default is.
    return answer.status === 409 ? '' : this.#reason(answer);
  }

  /** Anything but "taken" and "this object is wrong" is no answer to the question. */
  #reason({ status, body }: ApiAnswer): string {
    if (status === 201) return '';
    if (status !== 400 && status !== 422)
      throw this.#error(`answered ${status}: ${body}`);
    const { message } = JSON.parse(body) as { message?: string };
    return message || body;
  }

  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const limit = Date.now() + START;
    while (!(await isSo())) {
      if (this.#exit !== undefined) throw this.#error('is needed');
      if (Date.now() > limit)
        throw this.#error(`did not ${what} within ${START / 1000} s`);
      await pause(20);
    }
  }

  #error(what: string): EngineError {
    const state = this.#exit === undefined ? '' : `ended with ${this.#exit}; `;
    return new EngineError(ENGINE, `${state}${what}\n${this.#complaint}`);
  }
}
