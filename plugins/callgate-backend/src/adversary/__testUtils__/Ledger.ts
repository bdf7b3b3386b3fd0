import {
  type DigestContent,
  type DigestEdge,
  RequestSet,
} from '@callgate/policy';
import {
  accountOf,
  type Company,
  idOf,
  type RunningWorkload,
  type Team,
  TEAMS,
} from './Company';

/** What somebody was shown and approved. */
export interface Approval {
  request: string;
  api: string;
  digest: string;
  content: DigestContent;
  by: string;
}

const EVERYTHING = RequestSet.unionOf(
  (['TCP', 'UDP', 'SCTP'] as const).map(protocol =>
    RequestSet.of({ protocol }),
  ),
);

/**
 * What owners approved, kept beside the product and without its notion of who owns what: an opening counts once members of the
 * team that owns the API, and of the team that owns the workload, have approved the same meaning of a request.
 */
export class Ledger {
  /** Teams that stood behind a meaning of a request, at the time. */
  readonly #behind = new Map<string, Set<Team>>();
  readonly #pairs = new Map<string, RequestSet>();
  /** Workloads that were opened to everybody, and their accounts. */
  readonly #opened = new Set<string>();
  /** What went on before anybody approved it, until it is over. */
  readonly #glass = new Map<string, { keys: string[]; set: RequestSet }[]>();
  readonly #addresses: { cidrs: string[]; to: string; set: RequestSet }[] = [];

  constructor(private readonly company: Company) {}

  /** What was said to a request before counts no more, whatever it means. */
  forget(request: string): void {
    for (const key of [...this.#behind.keys()])
      if (key.startsWith(`${request} `)) this.#behind.delete(key);
  }

  /** A rule approved a meaning: one of which owners of the API said that nobody has to be asked. */
  approvedByRule({ edges }: DigestContent): void {
    for (const edge of edges) {
      const to = this.company.workload(edge.to);
      if (to) this.#add(edge, to);
    }
  }

  /** What a request opens that went on before anybody approved it. */
  glass(request: string, { edges }: DigestContent): void {
    this.#glass.set(
      request,
      edges.flatMap(edge => {
        const to = this.company.workload(edge.to);
        const from = this.company.workload(edge.from);
        const set = requestsOf(edge);
        // Addresses are nothing that is held back by a policy alone: none of them goes on like this.
        return to && from ? [{ keys: keysOf(from, to), set }] : [];
      }),
    );
  }

  /** It opens nothing any more, and nothing may come of it from now on. */
  glassIsOver(request: string): void {
    this.#glass.delete(request);
  }

  approved({ request, api, digest, content, by }: Approval): void {
    const { company } = this;
    const key = `${request} ${digest}`;
    const behind = this.#behind.get(key) ?? new Set<Team>();
    this.#behind.set(key, behind);
    TEAMS.filter(team => company.isMember(by, team)).forEach(team =>
      behind.add(team),
    );
    const owner = company.ownerOfEntity(api);
    for (const { workload } of content.opened ?? []) {
      const to = company.workload(workload);
      const other = to && company.ownerOf(to);
      if (to && owner && other && behind.has(owner) && behind.has(other))
        for (const name of [workload, accountOf(to)]) this.#opened.add(name);
    }
    for (const edge of content.edges) {
      const to = company.workload(edge.to);
      const other = to && company.ownerOf(to);
      if (to && owner && other && behind.has(owner) && behind.has(other)) {
        this.#add(edge, to);
      }
    }
  }

  #add(edge: DigestEdge, provider: RunningWorkload): void {
    const set = requestsOf(edge);
    const caller = this.company.workload(edge.from);
    if (!caller) {
      const cidrs = edge.from.replace(/^cidr:/, '').split(',');
      this.#addresses.push({ cidrs, to: edge.to, set });
      return;
    }
    // The workload by its name, and whatever its holders run under the account that it had.
    for (const key of keysOf(caller, provider)) {
      const known = this.#pairs.get(key) ?? RequestSet.empty;
      this.#pairs.set(key, known.union(set));
    }
  }

  /** What was approved between two workloads as they are now, or from an address. */
  allowed(from: string, to: string): RequestSet {
    const caller = this.company.workload(from);
    const provider = this.company.workload(to)!;
    if (this.#opened.has(to) || this.#opened.has(accountOf(provider)))
      return EVERYTHING;
    return RequestSet.unionOf(
      caller
        ? keysOf(caller, provider).flatMap(key => [
            this.#pairs.get(key) ?? RequestSet.empty,
            ...[...this.#glass.values()].flatMap(edges =>
              edges.flatMap(({ keys, set }) => (keys.includes(key) ? set : [])),
            ),
          ])
        : this.#addresses
            .filter(
              each =>
                each.to === to && each.cidrs.some(cidr => inBlock(from, cidr)),
            )
            .map(({ set }) => set),
    );
  }
}

/** What a meaning says is taken away from one workload at another; everything where it is cut. */
export function toldLoss(
  contents: readonly DigestContent[],
  from: string,
  to: string,
): RequestSet {
  const isCut = contents.some(({ flips }) =>
    flips.some(
      ({ workload, cut }) =>
        (workload === to && cut.includes(from)) ||
        (workload === from && cut.includes(to)),
    ),
  );
  return isCut
    ? EVERYTHING
    : RequestSet.unionOf(
        contents.flatMap(({ removed }) =>
          removed
            .filter(edge => edge.from === from && edge.to === to)
            .map(requestsOf),
        ),
      );
}

function keysOf(from: RunningWorkload, to: RunningWorkload): string[] {
  return [from, accountOf(from)].flatMap(caller =>
    [to, accountOf(to)].map(provider =>
      [caller, provider]
        .map(end => (typeof end === 'string' ? end : idOf(end)))
        .join(' '),
    ),
  );
}

/** What an edge of a meaning says in words, as a set; a whole port where methods are not enforced. */
function requestsOf({
  protocol,
  port,
  requests,
  layers,
}: DigestEdge): RequestSet {
  const spec = { protocol: protocol as 'TCP', ports: [port] };
  if (requests.includes('*') || layers.method !== 'enforced') {
    return RequestSet.of(spec);
  }
  return RequestSet.unionOf(
    requests.map(text => {
      const [method, path] = text.split(' ');
      return RequestSet.of({
        ...spec,
        ...(method !== 'ANY' && { methods: [method] }),
        paths: [path.includes('{') ? { template: path } : { exact: path }],
      });
    }),
  );
}

function inBlock(address: string, block: string): boolean {
  const [network, bits = '32'] = block.split('/');
  const number = (text: string) =>
    text.split('.').reduce((all, part) => all * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return (
    Math.floor(number(address) / size) === Math.floor(number(network) / size)
  );
}
