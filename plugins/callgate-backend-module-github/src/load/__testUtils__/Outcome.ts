import {
  buildCluster,
  type CatalogEntity,
  compile,
  loadManifests,
  parseAccessPolicy,
  parsePlatformProfile,
  verify,
  withGenerated,
} from '@callgate/policy';
import { PROFILE } from '../../__testUtils__/smallShop';
import { APIS, claimsOf, estate, readCatalog } from './company';
import type { Office } from './Office';
import type { PlatformTeam } from './PlatformTeam';

/** What a grant says in Git, as far as requests say it. */
interface Terms {
  caller: string;
  operations: string[];
  until?: string;
}

/** A request as its page tells it when all is over. */
interface Told {
  id: string;
  number: number;
  kind: 'new' | 'change' | 'renew' | 'end' | 'confirm';
  state: string;
  grant?: string;
  api: { ref: string };
  caller: { ref: string };
  operations: { id: string }[];
  change?: { until?: string };
  until?: string;
  proposal?: { number?: number };
  timeline: {
    event: string;
    from?: string;
    to: string;
    actor?: { ref: string };
  }[];
}

const READER = 'user:default/petra';

/**
 * What became of everything, read from the portal, the forge and Git when nothing moves any more. Each method gives what is
 * wrong, in words; nothing is derived by the code that did it.
 */
export class Outcome {
  static async read(office: Office, team: PlatformTeam): Promise<Outcome> {
    const [replica] = office.replicas;
    const told: Told[] = [];
    let cursor: string | undefined;
    do {
      const { body, status } = await replica.get(
        READER,
        `/requests?tab=all&limit=100${cursor ? `&cursor=${cursor}` : ''}`,
      );
      if (status !== 200) throw new Error(`requests: ${status}`);
      for (const { id } of body.items as { id: string }[]) {
        const page = await replica.get(READER, `/requests/${id}`);
        if (page.status !== 200)
          throw new Error(`request ${id}: ${page.status}`);
        told.push(page.body);
      }
      cursor = body.nextCursor;
    } while (cursor);
    return new Outcome(office, team, told);
  }

  private constructor(
    private readonly office: Office,
    private readonly team: PlatformTeam,
    readonly requests: readonly Told[],
  ) {}

  states(): Record<string, number> {
    const found: Record<string, number> = {};
    for (const { state } of this.requests)
      found[state] = (found[state] ?? 0) + 1;
    return found;
  }

  /** Requests that wait for Callgate, although it has had its time. */
  async stuck(): Promise<string[]> {
    const left = await this.office.client('outbox').select();
    return [
      ...this.requests
        .filter(({ state }) => ['approved', 'proposed'].includes(state))
        .map(({ number, state }) => `request ${number} is ${state}`),
      ...left.map(each => `${each.api_ref}: ${each.problem}`),
    ];
  }

  /** Requests that were merged, or are on the way to it, without somebody of the API's team who did not ask. */
  notDecided(): string[] {
    return this.requests
      .filter(({ state }) => state === 'merged')
      .filter(request => !isDecided(request))
      .map(({ number, timeline }) => `${number}: ${JSON.stringify(timeline)}`);
  }

  /** Grants of Git that differ from what merged requests come to, in the order of their merges. */
  async notAsApproved(): Promise<string[]> {
    const wanted = new Map<string, Terms>();
    const position = new Map(this.team.merged.map((each, at) => [each, at]));
    const merged = this.requests
      .filter(({ state }) => state === 'merged')
      .sort(
        (a, b) =>
          (position.get(a.proposal?.number ?? -1) ?? -1) -
            (position.get(b.proposal?.number ?? -1) ?? -1) ||
          a.number - b.number,
      );
    const wrong = merged
      .filter(({ proposal }) => !position.has(proposal?.number ?? -1))
      .map(({ number }) => `request ${number} is merged by no pull request`);
    for (const request of merged) apply(request, wanted);
    const found = this.#grants();
    for (const key of new Set([...wanted.keys(), ...found.keys()])) {
      const should = JSON.stringify(wanted.get(key));
      const is = JSON.stringify(found.get(key));
      if (should !== is)
        wrong.push(
          `${key} should be ${should} and is ${is}; ${this.#about(key)}`,
        );
    }
    return wrong;
  }

  /** What was asked about a grant, and what became of it. */
  #about(key: string): string {
    return this.requests
      .filter(({ api, grant }) => `${api.ref} ${grant}` === key)
      .map(
        ({ number, kind, state, proposal, timeline }) =>
          `request ${number} (${kind}) is ${state}, pull request ${
            proposal?.number
          }: ${timeline.map(({ event }) => event).join(' ')}`,
      )
      .join('; ');
  }

  /** What the manifests in Git allow beyond what is declared there, or less. */
  notAsDeclared(): string[] {
    const files = this.#files();
    const { profile } = parsePlatformProfile({ path: 'p', text: PROFILE });
    const { cluster } = buildCluster({
      name: profile!.name,
      profile,
      objects: loadManifests([{ path: 'all.yaml', text: estate() }]).objects,
    });
    const policies = files
      .filter(({ path }) => isPolicy(path))
      .map(file => ({
        policy: parseAccessPolicy(file).policy!,
        file: file.path,
      }));
    const compilation = compile({
      policies,
      catalog: readCatalog() as CatalogEntity[],
      clusters: [cluster],
    });
    const { objects } = loadManifests(
      files
        .filter(({ path }) => path.startsWith('clusters/prod/'))
        .map(({ path, text }) => ({ path, text })),
    );
    const { missing, surplusOurs, surplusForeign } = verify({
      plan: compilation.plan,
      clusters: [withGenerated(cluster, objects)],
      failedApis: compilation.failedApis.map(({ api }) => api),
      kept: compilation.kept,
    });
    const closed = new Set(policies.map(({ policy }) => policy.spec.api));
    return [
      ...compilation.findings
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => message),
      ...[...missing, ...surplusOurs].map(each => JSON.stringify(each)),
      // Nobody closes what was never asked for.
      ...surplusForeign
        .filter(({ apis }) => apis.some(api => closed.has(api)))
        .map(each => JSON.stringify(each)),
    ];
  }

  #grants(): Map<string, Terms> {
    const found = new Map<string, Terms>();
    for (const file of this.#files()) {
      if (!isPolicy(file.path)) continue;
      const { policy } = parseAccessPolicy(file);
      for (const grant of policy!.spec.grants)
        found.set(`${policy!.spec.api} ${grant.id}`, {
          caller: grant.caller,
          operations: grant.operations
            .map(each => ('id' in each ? each.id : JSON.stringify(each)))
            .sort(),
          ...(grant.until !== undefined && { until: grant.until }),
        });
    }
    return found;
  }

  #files(): { path: string; text: string }[] {
    const { repository } = this.office.forge;
    return repository
      .git(['ls-tree', '-r', '--name-only', 'main'])
      .split('\n')
      .map(path => ({ path, text: repository.git(['show', `main:${path}`]) }));
  }
}

function isPolicy(path: string): boolean {
  return /^policies\/[^.].*\.yaml$/.test(path);
}

/** An approval counts from somebody of the API's team who did not ask; what only takes away needs none. */
function isDecided({ api, kind, timeline }: Told): boolean {
  if (kind === 'end') return true;
  const asked = timeline.find(({ from }) => from === undefined)?.actor?.ref;
  const last = timeline.filter(({ to }) => to === 'approved').at(-1);
  const decider = last?.actor?.ref;
  // Less of a grant goes on when it is sent.
  if (kind === 'change' && decider === undefined) return last !== undefined;
  const { team } = APIS.find(({ ref }) => ref === api.ref)!;
  return (
    decider !== undefined &&
    decider !== asked &&
    claimsOf(decider).includes(`group:default/${team}`)
  );
}

function apply(request: Told, grants: Map<string, Terms>): void {
  const { api, grant, kind, until } = request;
  const key = `${api.ref} ${grant}`;
  const known = grants.get(key);
  switch (kind) {
    case 'end':
      grants.delete(key);
      break;
    case 'renew':
      if (known && until) known.until = until;
      break;
    case 'change':
      // One that says no day leaves the day that is there; what has ended in the same pull request stays ended.
      if (known) grants.set(key, termsOf(request, until ?? known.until));
      break;
    default:
      grants.set(key, termsOf(request, until));
  }
}

function termsOf({ caller, operations }: Told, until?: string): Terms {
  return {
    caller: caller.ref,
    operations: operations.map(({ id }) => id).sort(),
    ...(until !== undefined && { until }),
  };
}
