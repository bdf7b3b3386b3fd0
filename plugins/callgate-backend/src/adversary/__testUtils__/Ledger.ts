import {
  type DigestContent,
  type DigestEdge,
  RequestSet,
} from '@callgate/policy';
import { accountOf, type Company, idOf, type Team, TEAMS } from './Company';

/** What somebody was shown and approved. */
export interface Approval {
  request: string;
  api: string;
  digest: string;
  content: DigestContent;
  by: string;
}

/**
 * What owners approved, kept beside the product and without its notion of who owns what: an opening counts once members of the
 * team that owns the API, and of the team that owns the workload, have approved the same meaning of a request.
 */
export class Ledger {
  /** Teams that stood behind a meaning of a request, at the time. */
  readonly #behind = new Map<string, Set<Team>>();
  readonly #accounts = new Map<string, RequestSet>();
  readonly #addresses: { cidrs: string[]; to: string; set: RequestSet }[] = [];

  constructor(private readonly company: Company) {}

  approved({ request, api, digest, content, by }: Approval): void {
    const { company } = this;
    const key = `${request} ${digest}`;
    const behind = this.#behind.get(key) ?? new Set<Team>();
    this.#behind.set(key, behind);
    TEAMS.filter(team => company.isMember(by, team)).forEach(team =>
      behind.add(team),
    );
    const owner = company.ownerOfEntity(api);
    for (const edge of content.edges) {
      const to = company.workload(edge.to);
      const other = to && company.ownerOf(to);
      if (to && owner && other && behind.has(owner) && behind.has(other)) {
        this.#add(edge, accountOf(to));
      }
    }
  }

  #add(edge: DigestEdge, to: string): void {
    const set = requestsOf(edge);
    const from = this.company.workload(edge.from);
    if (from) {
      const key = `${accountOf(from)} ${to}`;
      const known = this.#accounts.get(key) ?? RequestSet.empty;
      this.#accounts.set(key, known.union(set));
    } else {
      this.#addresses.push({
        cidrs: edge.from.replace(/^cidr:/, '').split(','),
        to,
        set,
      });
    }
  }

  /** What was approved between two workloads as they are now, or from an address. */
  allowed(from: string, to: string): RequestSet {
    const { company } = this;
    const caller = company.workload(from);
    const provider = company.workloads.find(each => idOf(each) === to)!;
    if (caller) {
      const key = `${accountOf(caller)} ${accountOf(provider)}`;
      return this.#accounts.get(key) ?? RequestSet.empty;
    }
    return RequestSet.unionOf(
      this.#addresses
        .filter(
          each =>
            each.to === accountOf(provider) &&
            each.cidrs.some(cidr => inBlock(from, cidr)),
        )
        .map(({ set }) => set),
    );
  }
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
