import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServedKind } from '../api/discover';
import { asJson, type Json } from '../json';

/** Of which objects a request is: of one namespace and name, or all. */
type IsMeant = (object: Json) => boolean;

/** @public */
export interface Refusal {
  status: number;
  message?: string;
  /** Only so many times; for ever without. */
  times?: number;
}

/**
 * An API server with as much as a reader asks of one: discovery, lists in pages, watches. It writes down what it is asked.
 *
 * @public
 */
export class ApiStub {
  readonly asked: string[] = [];
  readonly headers: http.IncomingHttpHeaders[] = [];
  kinds: readonly ServedKind[];
  /** As servers before Kubernetes 1.26 answer. */
  isOld = false;
  /** Groups whose own server does not answer. */
  stale = new Set<string>();
  #version = 10;
  readonly #objects = new Map<string, Map<string, Json>>();
  readonly #watches = new Map<string, Map<ServerResponse, IsMeant>>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #server: http.Server;

  private constructor(kinds: readonly ServedKind[]) {
    this.kinds = kinds;
    this.#server = http.createServer((request, response) =>
      this.#answer(request, response),
    );
  }

  static async start(kinds: readonly ServedKind[]): Promise<ApiStub> {
    const stub = new ApiStub(kinds);
    await stub.#listen(0);
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #listen(port: number): Promise<void> {
    return new Promise(done =>
      this.#server.listen(port, '127.0.0.1', () => done()),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }

  /** Ends, and answers at the same address after `meanwhile`. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    const port = this.#port;
    await this.stop();
    await meanwhile();
    await this.#listen(port);
  }

  /** Makes or changes an object, and tells whoever watches. */
  set(plural: string, object: Json): void {
    const key = keyOf(object);
    const all = this.#of(plural);
    const type = all.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version += 1;
    const stored = {
      ...object,
      metadata: {
        ...asJson(object.metadata),
        resourceVersion: String(this.#version),
      },
    };
    all.set(key, stored);
    this.#tell(plural, { type, object: stored });
  }

  remove(plural: string, object: Json): void {
    const key = keyOf(object);
    const stored = this.#of(plural).get(key);
    this.#of(plural).delete(key);
    this.#version += 1;
    this.#tell(plural, {
      type: 'DELETED',
      object: {
        ...stored,
        metadata: {
          ...asJson(stored?.metadata),
          resourceVersion: String(this.#version),
        },
      },
    });
  }

  /** Changes what there is without a word to those who watch. */
  forget(plural: string, object: Json): void {
    this.#of(plural).delete(keyOf(object));
  }

  bookmark(plural: string, resourceVersion: string): void {
    this.#tell(plural, {
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion } },
    });
  }

  /** Ends watches as the server does when their time is over. */
  endWatches(plural: string): void {
    for (const [response] of this.#watches.get(plural) ?? []) response.end();
  }

  /** Ends watches in the middle of a line. */
  breakWatches(plural: string): void {
    for (const [response] of this.#watches.get(plural) ?? []) {
      response.write('{"type":"MODI');
      response.destroy();
    }
  }

  /** Says in watches that their version is too old, as an event (Kubernetes, "API concepts", 410 Gone). */
  expireWatches(plural: string): void {
    this.#tell(plural, {
      type: 'ERROR',
      object: {
        kind: 'Status',
        status: 'Failure',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version',
      },
    });
  }

  isWatched(plural: string): boolean {
    return (this.#watches.get(plural)?.size ?? 0) > 0;
  }

  /** @param what - such as `list pods`, `watch pods` or `continue pods`; of one object `list configmaps NAMESPACE/NAME` */
  refuse(what: string, refusal: Refusal): void {
    this.#refusals.set(what, { ...refusal });
  }

  admit(what: string): void {
    this.#refusals.delete(what);
  }

  #of(plural: string): Map<string, Json> {
    const known = this.#objects.get(plural) ?? new Map<string, Json>();
    this.#objects.set(plural, known);
    return known;
  }

  #tell(plural: string, event: Json): void {
    for (const [response, isMeant] of this.#watches.get(plural) ?? [])
      if (event.type === 'BOOKMARK' || event.type === 'ERROR')
        response.write(`${JSON.stringify(event)}\n`);
      else if (isMeant(asJson(event.object)))
        response.write(`${JSON.stringify(event)}\n`);
  }

  #answer(request: http.IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://stub');
    this.asked.push(`${request.method} ${request.url}`);
    this.headers.push(request.headers);
    const refused = (what: string): boolean => {
      const refusal = this.#refusals.get(what) ?? this.#refusals.get('all');
      if (!refusal || refusal.times === 0) return false;
      if (refusal.times !== undefined) refusal.times -= 1;
      send(response, refusal.status, {
        kind: 'Status',
        code: refusal.status,
        message: refusal.message ?? 'no',
      });
      return true;
    };
    if (/^\/apis?$/.test(url.pathname)) {
      if (!refused('discover'))
        this.#discover(url.pathname, String(request.headers.accept), response);
      return;
    }
    const [, namespace] = /\/namespaces\/([^/]+)\//.exec(url.pathname) ?? [];
    const whole = url.pathname.replace(/\/namespaces\/[^/]+(?=\/)/, '');
    const kind = this.kinds.find(each => pathOf(each) === whole);
    if (!kind) {
      this.#resources(url.pathname, response);
      return;
    }
    const { plural } = kind;
    const next = url.searchParams.get('continue');
    const isWatch = url.searchParams.get('watch') === 'true';
    const verb = isWatch ? 'watch' : 'list';
    const [, name] =
      /^metadata\.name=(.+)$/.exec(
        url.searchParams.get('fieldSelector') ?? '',
      ) ?? [];
    const isMeant: IsMeant = ({ metadata }) =>
      (namespace === undefined || asJson(metadata).namespace === namespace) &&
      (name === undefined || asJson(metadata).name === name);
    if (refused(`${verb} ${plural}`)) return;
    if (refused(`${verb} ${plural} ${namespace}/${name}`)) return;
    if (next !== null && refused(`continue ${plural}`)) return;
    if (isWatch) this.#watch(plural, isMeant, response);
    else this.#list(plural, isMeant, url.searchParams, response);
  }

  #list(
    plural: string,
    isMeant: IsMeant,
    query: URLSearchParams,
    response: ServerResponse,
  ) {
    const all = [...this.#of(plural).values()].filter(isMeant);
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? all.length);
    const to = from + limit;
    send(response, 200, {
      kind: 'List',
      metadata: {
        resourceVersion: String(this.#version),
        ...(to < all.length && { continue: String(to) }),
      },
      items: all.slice(from, to),
    });
  }

  #watch(plural: string, isMeant: IsMeant, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const all = this.#watches.get(plural) ?? new Map<ServerResponse, IsMeant>();
    this.#watches.set(plural, all.set(response, isMeant));
    response.on('close', () => all.delete(response));
  }

  #discover(path: string, accept: string, response: ServerResponse): void {
    const groups = [...new Set(this.kinds.map(({ group }) => group))].filter(
      group => (group === '') === (path === '/api'),
    );
    if (this.isOld || !accept.includes('APIGroupDiscoveryList')) {
      send(
        response,
        200,
        path === '/api'
          ? { kind: 'APIVersions', versions: ['v1'] }
          : {
              kind: 'APIGroupList',
              groups: groups.map(name => {
                const versions = this.#versions(name).map(version => ({
                  version,
                }));
                return { name, versions, preferredVersion: versions[0] };
              }),
            },
      );
      return;
    }
    send(response, 200, {
      kind: 'APIGroupDiscoveryList',
      items: groups.map(name => ({
        metadata: name === '' ? {} : { name },
        versions: this.#versions(name).map(version => ({
          version,
          freshness: this.stale.has(name) ? 'Stale' : 'Current',
          resources: this.stale.has(name)
            ? []
            : this.kinds
                .filter(each => each.group === name && each.version === version)
                .map(each => ({
                  resource: each.plural,
                  responseKind: { kind: each.kind },
                  scope: each.namespaced ? 'Namespaced' : 'Cluster',
                  verbs: ['get', 'list', 'watch', 'create'],
                })),
        })),
      })),
    });
  }

  #versions(group: string): string[] {
    return [
      ...new Set(
        this.kinds
          .filter(each => each.group === group)
          .map(({ version }) => version),
      ),
    ];
  }

  /** `/api/v1` and `/apis/GROUP/VERSION`, as the plain form of discovery asks for them. */
  #resources(path: string, response: ServerResponse): void {
    const resources = this.kinds.filter(
      each => pathOf(each).replace(/\/[^/]+$/, '') === path,
    );
    if (resources.length === 0) {
      send(response, 404, { kind: 'Status', code: 404, message: 'not found' });
      return;
    }
    if (this.stale.has(resources[0].group)) {
      send(response, 503, { kind: 'Status', code: 503, message: 'no' });
      return;
    }
    send(response, 200, {
      kind: 'APIResourceList',
      resources: resources.flatMap(({ plural, kind, namespaced }) => [
        { name: plural, kind, namespaced, verbs: ['list', 'watch'] },
        { name: `${plural}/status`, kind, namespaced, verbs: ['get'] },
      ]),
    });
  }
}

/** Across namespaces. */
function pathOf({ group, version, plural }: ServedKind): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/${plural}`;
}

function keyOf({ metadata }: Json): string {
  const { namespace = '', name } = asJson(metadata);
  return `${namespace}/${name}`;
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
