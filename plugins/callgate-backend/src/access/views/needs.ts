import type {
  ApprovalNeed,
  Deciders,
  GivenApproval,
  IdleApproval,
} from '@callgate/plugin-callgate-common';
import {
  missingOf,
  type NeedState,
  shortagesOf,
  type StaffedNeed,
  type Tally,
  whoCanStill,
} from '../../approval';
import type { StoredApproval } from '../../database/AccessStore';
import type { DecidersOf } from '../../ownership';
import { nameOf, type LabelOf } from './Labels';

const NAMES = 10;
const NOBODY_ELSE =
  'Nobody else can decide: the API has no other owner, and no fallback group is configured.';

const ROLES = {
  'api-owner': 'the owners of the API',
  'caller-owner': 'the owners of the caller',
  platform: 'the platform team, which is not configured',
  security: 'the security team, which is not configured',
  group: 'a group',
} as const;

/** What a request needs, for people: who has approved, and who can still. */
export function toNeeds(
  tally: Tally,
  labelOf: LabelOf,
  { notes = true }: { notes?: boolean } = {},
): ApprovalNeed[] {
  return tally.needs.map((state, index) => {
    const { need, who, approvals, open } = state;
    const can = whoCanStill(tally, index);
    return {
      kind: need.kind,
      of: who.owners.map(labelOf),
      count: need.count,
      because: [...need.because],
      fallback: who.fallback,
      approvals: approvals.map(each => toApproval(each, labelOf, notes)),
      open,
      people: can.length,
      names: can.slice(0, NAMES).map(labelOf),
      text: needText(state, can.length, labelOf),
    };
  });
}

/** Approvals that do not count, with why. */
export function toIdleApprovals(
  { idle }: Tally,
  digest: string,
  labelOf: LabelOf,
  { notes = true }: { notes?: boolean } = {},
): IdleApproval[] {
  return idle.map(each => ({
    ...toApproval(each, labelOf, notes),
    because:
      each.ended || each.digest !== digest ? 'earlier-meaning' : 'no-decider',
  }));
}

/** Who can decide, for people. */
export function toDeciders(
  needs: readonly StaffedNeed[],
  labelOf: LabelOf,
): Deciders {
  const owners = [...new Set(needs.flatMap(({ who }) => who.owners))];
  const people = [...new Set(needs.flatMap(({ who }) => who.people))].sort();
  return {
    labels: owners.map(labelOf),
    people: people.length,
    fallback: needs.some(({ who }) => who.fallback),
    names: people.slice(0, NAMES).map(labelOf),
    text:
      needs.length === 1 && needs[0].need.count === 1
        ? oneOf(needs[0].who, labelOf)
        : needs
            .map(
              ({ need, who }) =>
                `${need.count} of ${groupName(who, labelOf)} (${peopleText(
                  who.people.length,
                )})`,
            )
            .join(', and '),
  };
}

/** `Waits for Orders team and 1 more of Security`. */
export function waitsForNeeds(tally: Tally, labelOf: LabelOf): string {
  const open = tally.needs.filter(each => each.open > 0);
  if (missingOf(tally) === 0) {
    return 'Waits for the last word: everybody who has to has approved';
  }
  if (open.some(({ who }) => who.owners.length === 0)) {
    return open.every(({ need }) => need.kind === 'api-owner')
      ? 'Waits for nobody: the API has no owner'
      : 'Waits for nobody: somebody has to approve whom there is not';
  }
  return `Waits for ${open
    .map(({ need, who, open: missing }) => {
      const name = namesOf(who, labelOf);
      if (missing < need.count) {
        return `${missing} more of ${name}`;
      }
      return missing > 1 ? `${missing} of ${name}` : name;
    })
    .join(' and ')}`;
}

/** Why a request would be a dead end: needs that there are too few people for. `undefined`: none. */
export function shortageText(
  needs: readonly StaffedNeed[],
  labelOf: LabelOf,
): string | undefined {
  const shortages = shortagesOf(needs);
  if (shortages.length === 0) {
    return undefined;
  }
  const [{ need, can }] = shortages;
  const { kind, count, because } = need.need;
  if (kind === 'api-owner' && count === 1 && need.who.people.length === 0) {
    return NOBODY_ELSE;
  }
  const rule =
    because.length > 0
      ? `The rule ${because.join(', ')} asks for `
      : 'It needs ';
  return `Nobody could approve this in the end. ${rule}${count} of ${
    need.who.owners.length > 0 ? groupName(need.who, labelOf) : ROLES[kind]
  }, and besides you ${
    can === 0 ? 'nobody' : `only ${can}`
  } can approve as such. Ask the platform team.`;
}

function needText(
  { need, who, approvals, open }: NeedState,
  can: number,
  labelOf: LabelOf,
): string {
  const name = `${groupName(who, labelOf) || ROLES[need.kind]}${
    need.sharesWorkload ? sharedText(need, labelOf) : ''
  }`;
  const asOf = need.asOf ? asOfText(need.asOf) : '';
  const by = approvals.map(each => nameOf(labelOf(each.by))).join(', ');
  const given =
    need.count > 1 || approvals.length > 0
      ? `${approvals.length} of ${need.count} approval${
          need.count === 1 ? '' : 's'
        }${by && `: ${by}`}`
      : '';
  if (open === 0) {
    return `${given} (${name})${asOf}`;
  }
  const waits = `aits for ${open}${
    approvals.length > 0 ? ' more' : ''
  } of ${name} (${
    can === 0 ? 'nobody can decide' : `${can} can decide`
  })${asOf}`;
  return given ? `${given}; w${waits}` : `W${waits}`;
}

/** Where the rules that ask for it come from, while the newest ones cannot be read. */
function asOfText(
  { commit, at }: NonNullable<NeedState['need']['asOf']>,
  now = Date.now(),
): string {
  const id = commit.slice(0, 7);
  return `, asked by the last version of the rules that could be read (commit ${id}, ${agoText(
    now - Date.parse(at),
  )})`;
}

function agoText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes === 0) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** Why somebody else than the API's owners decides. */
function sharedText(need: NeedState['need'], labelOf: LabelOf): string {
  return need.kind === 'api-owner'
    ? `, whose API ${nameOf(labelOf(need.api))} runs on the same workload`
    : ', whose workload it runs on';
}

function oneOf(who: DecidersOf, labelOf: LabelOf): string {
  return who.people.length === 0
    ? NOBODY_ELSE
    : `${groupName(who, labelOf)}, ${peopleText(who.people.length)}`;
}

function peopleText(count: number): string {
  return count === 1 ? '1 person' : `any of ${count} people`;
}

function namesOf({ owners }: DecidersOf, labelOf: LabelOf): string {
  return owners.map(ref => nameOf(labelOf(ref))).join(' or ');
}

function groupName(who: DecidersOf, labelOf: LabelOf): string {
  const names = namesOf(who, labelOf);
  return who.fallback ? `${names} (nobody else owns the API)` : names;
}

function toApproval(
  { by, at, note }: StoredApproval,
  labelOf: LabelOf,
  notes: boolean,
): GivenApproval {
  return {
    by: labelOf(by),
    at: new Date(at).toISOString(),
    ...(notes && note && { note }),
  };
}
