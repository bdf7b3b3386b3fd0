import type { StoredApproval } from '../database/AccessStore';
import type { DecidersOf } from '../ownership';
import { assign } from './assign';
import { needKey, type Need } from './needs';

/** A need with the people who can meet it, the requester left out. */
export interface StaffedNeed {
  need: Need;
  who: DecidersOf;
}

/** How far a need is met. */
export interface NeedState extends StaffedNeed {
  /** Approvals that count for it. */
  approvals: readonly StoredApproval[];
  /** How many are missing. */
  open: number;
}

/** How far the needs of a request are met for one meaning. */
export interface Tally {
  needs: readonly NeedState[];
  /** Approvals that do not count: of another meaning, or of somebody who belongs no more. */
  idle: readonly StoredApproval[];
  /** Whose approvals of this meaning are there, whether they count or not. */
  counted: readonly string[];
}

/** Counts approvals of a meaning by who belongs to whom now. */
export function tallyOf(
  needs: readonly StaffedNeed[],
  approvals: readonly StoredApproval[],
  digest: string,
): Tally {
  const live = approvals.filter(each => !each.ended && each.digest === digest);
  const places = assign(
    placesOf(needs),
    live.map(({ by }) => by),
  );
  return withApprovals(
    needs,
    approvals,
    live,
    index =>
      ({ by }) =>
        places.get(by) === index,
  );
}

/** The same for a request that is decided: what counted then counts. */
export function settledTally(
  needs: readonly StaffedNeed[],
  approvals: readonly StoredApproval[],
  digest: string,
): Tally {
  const live = approvals.filter(each => !each.ended && each.digest === digest);
  return withApprovals(
    needs,
    approvals,
    live,
    index =>
      ({ need }) =>
        need === needKey(needs[index].need),
  );
}

/** Who counts for which need, by its key, once somebody has approved as well, and whether that is enough. */
export function tallyWith(
  { needs, counted }: Tally,
  person: string,
): { places: Map<string, string>; complete: boolean } {
  const places = assign(placesOf(needs), [...counted, person]);
  return {
    places: new Map(
      [...places].map(([by, index]) => [by, needKey(needs[index].need)]),
    ),
    complete: places.size === seatsOf(needs),
  };
}

/** Whether it is somebody's turn: with their approval more is met, or nothing is missing but the last word. */
export function canApprove(tally: Tally, person: string): boolean {
  if (!isDecider(tally, person)) {
    return false;
  }
  const missing = missingOf(tally);
  return (
    missing === 0 ||
    tallyWith(tally, person).places.size > seatsOf(tally.needs) - missing
  );
}

/** Whether somebody is among those who decide at all. */
export function isDecider({ needs }: Tally, person: string): boolean {
  return needs.some(({ who }) => who.people.includes(person));
}

/** How many approvals are missing. */
export function missingOf({ needs }: Tally): number {
  return needs.reduce((sum, { open }) => sum + open, 0);
}

/** Those whose approval would bring an open need on, directly or by making room. */
export function whoCanStill(tally: Tally, index: number): string[] {
  const { needs, counted } = tally;
  if (needs[index].open === 0) {
    return [];
  }
  const filled = needs[index].need.count - needs[index].open;
  const all = new Set(needs.flatMap(({ who }) => who.people));
  return [...all]
    .filter(person => !counted.includes(person))
    .filter(person => {
      const places = assign(placesOf(needs), [...counted, person]);
      return [...places.values()].filter(at => at === index).length > filled;
    })
    .sort();
}

/** Needs that there are too few people for, whoever of them approves, with how many could. */
export function shortagesOf(
  needs: readonly StaffedNeed[],
): { need: StaffedNeed; can: number }[] {
  const all = [...new Set(needs.flatMap(({ who }) => who.people))];
  const places = [...assign(placesOf(needs), all).values()];
  return needs.flatMap((need, index) => {
    const can = places.filter(at => at === index).length;
    return can < need.need.count ? [{ need, can }] : [];
  });
}

function withApprovals(
  needs: readonly StaffedNeed[],
  approvals: readonly StoredApproval[],
  live: readonly StoredApproval[],
  countsFor: (index: number) => (approval: StoredApproval) => boolean,
): Tally {
  const states = needs.map((staffed, index): NeedState => {
    const counting = live.filter(countsFor(index));
    return {
      ...staffed,
      approvals: counting,
      open: Math.max(0, staffed.need.count - counting.length),
    };
  });
  const counting = new Set(states.flatMap(each => each.approvals));
  return {
    needs: states,
    idle: approvals.filter(each => !counting.has(each)),
    counted: live.map(({ by }) => by),
  };
}

function placesOf(needs: readonly StaffedNeed[]) {
  return needs.map(({ need, who }) => ({
    count: need.count,
    people: new Set(who.people),
  }));
}

function seatsOf(needs: readonly StaffedNeed[]): number {
  return needs.reduce((sum, { need }) => sum + need.count, 0);
}
