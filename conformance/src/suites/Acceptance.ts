import { Compilation } from '@callgate/policy';
import {
  apiName,
  Company,
  CompanyGrant,
  kindOf,
} from '../worlds/randomCompany';
import { isGrpc } from '../worlds/richerWorld';
import { touchOf } from '../verdict/touchOf';
import { idOf, viaOf, World, WorldWorkload } from '../worlds/types';
import { waypointOf } from '../worlds/waypointOf';
import { FLOORS } from './floors';

/** Of fewer grants a share says nothing. */
const LEAST = 20;

/** By so many standard deviations a share may be below its floor by chance: grants of one API stand or fall together. */
const CHANCE = 4;

const endOf = ({ mesh, isHost, moreIps, gateway }: WorldWorkload) => {
  if (gateway) return 'gateway';
  if (!isHost) return mesh;
  return moreIps ? 'group of hosts' : `${mesh} host`;
};

function kindOfGrant({ world }: Company, grant: CompanyGrant): string {
  const provider = world.workloads[grant.provider];
  const kind = kindOf(grant.access);
  if (kind !== 'http' || !isGrpc(provider)) return kind;
  return provider.ports.some(({ says }) => says === 'grpc')
    ? 'gRPC'
    : 'gRPC on a port of HTTP';
}

/** Conditions that nobody reads are a gap, and no reason to refuse. */
function isTouched({ world }: Company, { caller, provider }: CompanyGrant) {
  const call = { from: caller, to: provider, port: 8080 } as const;
  const via = viaOf(world.workloads[provider], true);
  return touchOf(world, { ...call, protocol: 'TCP', via }) === 'yes';
}

/** Does the Service have a waypoint, of which namespace? */
function lendingOf(world: World, to: WorldWorkload): string[] {
  const waypoint = waypointOf(world, to);
  if (!waypoint || to.isHost) return [];
  return [
    waypoint.namespace === to.namespace
      ? 'behind a waypoint'
      : 'behind a waypoint of another namespace',
  ];
}

/** The rows that a grant counts in. */
function rowsOf(company: Company, grant: CompanyGrant): string[] {
  const { world, closed, isAcknowledged } = company;
  const [from, to] = [grant.caller, grant.provider].map(
    index => world.workloads[index],
  );
  return [
    kindOfGrant(company, grant),
    `${endOf(from)} to ${endOf(to)}`,
    ...(closed.includes(grant.caller) ? ['closed caller'] : []),
    ...(world.foreign ? ['beside a policy of others'] : []),
    ...(isTouched(company, grant) ? ['touched by a policy of others'] : []),
    ...lendingOf(world, to),
  ].map(row => (isAcknowledged ? `${row}, acknowledged` : row));
}

/** How many grants were generated, by row: refusing more than before is noticed. */
export class Acceptance {
  readonly #rows = new Map<string, { asked: number; accepted: number }>();

  add(company: Company, { plan, failedApis }: Compilation): void {
    const failed = new Set(failedApis.map(({ api }) => api));
    const { workloads } = company.world;
    for (const grant of company.grants) {
      const { caller, provider, access } = grant;
      const api = `api:default/${apiName(workloads[provider], kindOf(access))}`;
      const isAccepted =
        !failed.has(api) &&
        plan.edges.some(
          edge => edge.api === api && edge.from.id === idOf(workloads[caller]),
        );
      for (const row of rowsOf(company, grant)) {
        const counts = this.#rows.get(row) ?? { asked: 0, accepted: 0 };
        counts.asked += 1;
        if (isAccepted) counts.accepted += 1;
        this.#rows.set(row, counts);
      }
    }
  }

  /** What was asked for and what came of it, by row. */
  rows(): [row: string, asked: number, accepted: number][] {
    return [...this.#rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([row, { asked, accepted }]) => [row, asked, accepted]);
  }

  /** Rows of which less was generated than has to be. */
  tooLittle(): string[] {
    return [...this.#rows].flatMap(([row, { asked, accepted }]) => {
      const floor = FLOORS[row] ?? 0;
      const byChance = CHANCE * Math.sqrt((floor * (1 - floor)) / asked);
      if (asked < LEAST || accepted / asked >= floor - byChance) return [];
      return [
        `of ${asked} grants "${row}" ${accepted} are generated, where it was ${Math.round(
          floor * 100,
        )}% (floors.ts)`,
      ];
    });
  }
}
