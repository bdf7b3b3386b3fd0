import type { NeedOf } from '../approval/needs';
import type { StoredApproval, StoredTransition } from '../database/AccessStore';
import type { StoredReview } from '../database/DatabaseGrantReviews';

/** What somebody, or nobody, decided about a request. */
export interface Decision {
  /**
   * `not-needed`: it only takes away, so that nobody had to approve. `declined`: its pull request was closed unmerged.
   * `superseded`: another request took its place, or there was nothing left to decide. `break-glass`: it went on before anybody
   * approved it; `confirmed` is an approval afterwards, and `undecided` that nobody had decided when its time was over.
   * `kept`: a review of a grant, of no request.
   */
  event:
    | 'approved'
    | 'not-needed'
    | 'rejected'
    | 'withdrawn'
    | 'declined'
    | 'superseded'
    | 'break-glass'
    | 'confirmed'
    | 'undecided'
    | 'kept';
  /** Entity ref, a login of the forge, or a rule as `formatRuleRef` writes it; absent where Callgate itself did it. */
  by?: string;
  /** What the approval counted as when it was given. Nothing is kept of that for other decisions. */
  as?: NeedOf;
  /** Of the meaning that was approved. */
  digest?: string;
  /** Whether it counts: an approval of an earlier meaning, or of somebody who belonged no more, does not. */
  counts: boolean;
  /** What whoever decided said. */
  note?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What was decided about a request. */
export type RequestDecision = Decision & {
  event: Exclude<Decision['event'], 'kept'>;
};

const EVENTS = {
  reject: 'rejected',
  withdraw: 'withdrawn',
  decline: 'declined',
  supersede: 'superseded',
  refuse: 'rejected',
  lapse: 'undecided',
} as const;

/**
 * Everything that was decided about a request, the first first.
 *
 * @param steps - its timeline
 * @param approvals - all of its approvals
 */
export function decisionsOf(
  steps: readonly StoredTransition[],
  approvals: readonly StoredApproval[],
): RequestDecision[] {
  const isGlass = steps.some(({ facts }) => facts?.code === 'break-glass');
  const given = approvals.map(
    ({ by, need, digest, note, at, ended }): RequestDecision => {
      const as = needOfKey(need);
      return {
        event: isGlass ? 'confirmed' : 'approved',
        ...{ by, digest, at },
        counts: !ended,
        ...(as && { as }),
        ...(note !== undefined && { note }),
      };
    },
  );
  const others = steps.flatMap((step): RequestDecision[] => {
    const { at, actor, event, reason, facts } = step;
    // A rule that approved is among the approvals.
    if (event === 'approve' && actor === undefined)
      return facts?.code === 'approved-by-rule'
        ? []
        : [{ event: isGlass ? 'break-glass' : 'not-needed', counts: true, at }];
    if (!isEnd(event)) return [];
    return [
      {
        event: EVENTS[event],
        counts: true,
        at,
        ...(actor !== undefined && { by: actor }),
        ...(reason !== undefined && { note: reason }),
      },
    ];
  });
  return [...given, ...others].sort((a, b) => a.at - b.at);
}

/** A review of a grant as a decision. */
export function decisionOfReview({
  by,
  role,
  digest,
  note,
  at,
}: StoredReview): Decision {
  const as = needOfKey(role);
  return {
    event: 'kept',
    ...{ by, digest, at },
    counts: true,
    ...(as && { as }),
    ...(note !== undefined && { note }),
  };
}

/** When a request was merged, and by whom; `undefined` where it was not. */
export function mergeOf(
  steps: readonly StoredTransition[],
): { at: number; by?: string; link?: string; byItself?: true } | undefined {
  const step = steps.find(({ event }) => event === 'merge');
  return (
    step && {
      at: step.at,
      ...(step.actor !== undefined && { by: step.actor }),
      ...(step.link !== undefined && { link: step.link }),
      ...(step.facts?.code === 'merged-after-end' && { byItself: true }),
    }
  );
}

/** The need that an approval is stored with, by its key; `undefined` for one that counts for none. */
export function needOfKey(key: string): NeedOf | undefined {
  const [kind, ref] = key.split(' ', 2);
  switch (kind) {
    case 'api-owner':
      return ref ? { kind, api: ref } : undefined;
    case 'caller-owner':
      return ref ? { kind, caller: ref } : undefined;
    case 'group':
      return ref ? { kind, group: ref } : undefined;
    case 'platform':
    case 'security':
      return { kind };
    default:
      return undefined;
  }
}

/** Whom a need is about: an API, a caller or a group; `undefined` for the platform or security team. */
export function refOfNeed(need: NeedOf): string | undefined {
  switch (need.kind) {
    case 'api-owner':
      return need.api;
    case 'caller-owner':
      return need.caller;
    case 'group':
      return need.group;
    default:
      return undefined;
  }
}

function isEnd(event: StoredTransition['event']): event is keyof typeof EVENTS {
  return event in EVENTS;
}
