import type { RequiredApproval } from '@callgate/policy';

/** Who has to approve. Each kind names what its people are found by. */
export type NeedOf =
  | { kind: 'api-owner'; api: string }
  | { kind: 'caller-owner'; caller: string }
  | { kind: 'platform' }
  | { kind: 'security' }
  | { kind: 'group'; group: string };

/** So many of these people have to approve a request. */
export type Need = NeedOf & {
  count: number;
  /** Names of the rules that ask for it; empty where no rule says so. */
  because: readonly string[];
  /** The version of the rules that asks for it, where it is not the newest one, because that cannot be read. */
  asOf?: { commit: string; at: string };
  /** They decide because what is asked for runs on a workload of theirs: as owners of another API on it, or of itself. */
  sharesWorkload?: true;
};

/** What needs follow from. */
export interface NeedsInput {
  api: string;
  caller: string;
  /** What the rules that hold ask for. */
  rules: readonly { rule: string; needs: readonly RequiredApproval[] }[];
  /** How many approvers the guardrails want in all. */
  approvers?: { count: number; because: readonly string[] };
  /** What else has to be approved, such as by the owners of other APIs on the same workload. */
  further?: readonly Need[];
}

/** Says of two needs whether they are about the same people. */
export function needKey(need: NeedOf): string {
  switch (need.kind) {
    case 'api-owner':
      return `api-owner ${need.api}`;
    case 'caller-owner':
      return `caller-owner ${need.caller}`;
    case 'group':
      return `group ${need.group}`;
    default:
      return need.kind;
  }
}

/**
 * What has to be approved, and by whom: one owner of the API, what the rules add, and as many more owners as the
 * guardrails want approvers. Where several ask for the same people, the strictest counts.
 */
export function needsOf(input: NeedsInput): Need[] {
  const { api, caller, rules, approvers, further = [] } = input;
  const owner: NeedOf = { kind: 'api-owner', api };
  const needs = mergedNeeds([
    { ...owner, count: 1, because: [] },
    ...rules.flatMap(({ rule, needs: asked }) =>
      asked.map(
        (each): Need => ({
          ...whoOf(each, api, caller),
          count: each.count,
          because: [rule],
        }),
      ),
    ),
    ...further,
  ]);
  const missing = (approvers?.count ?? 0) - totalOf(needs);
  return approvers && missing > 0
    ? needs.map(need =>
        needKey(need) === needKey(owner)
          ? {
              ...need,
              count: need.count + missing,
              because: union(need.because, approvers.because),
            }
          : need,
      )
    : needs;
}

/** How many approvals some needs are in all. */
export function totalOf(needs: readonly Need[]): number {
  return needs.reduce((sum, { count }) => sum + count, 0);
}

/** What everybody needs who asks for an API, where nothing more is known. */
export function plainNeeds(api: string): Need[] {
  return needsOf({ api, caller: '', rules: [] });
}

/** Who approves what was asked for without anybody having to, and is asked again because it means more by now. */
export function neededBySomebody(
  api: string,
  needs: readonly Need[],
): readonly Need[] {
  return needs.length > 0 ? needs : plainNeeds(api);
}

/** Who it is that a rule asks for. */
export function whoOf(
  asked: RequiredApproval,
  api: string,
  caller: string,
): NeedOf {
  if ('group' in asked) {
    return { kind: 'group', group: asked.group };
  }
  switch (asked.role) {
    case 'caller-owner':
      return { kind: 'caller-owner', caller };
    case 'platform':
    case 'security':
      return { kind: asked.role };
    default:
      return { kind: 'api-owner', api };
  }
}

/** Of needs that are about the same people the strictest. */
export function mergedNeeds(needs: readonly Need[]): Need[] {
  const byKey = new Map<string, Need>();
  for (const need of needs) {
    const key = needKey(need);
    const known = byKey.get(key);
    byKey.set(
      key,
      known
        ? {
            ...known,
            count: Math.max(known.count, need.count),
            because: union(known.because, need.because),
            ...(need.asOf && { asOf: need.asOf }),
            ...(need.sharesWorkload && { sharesWorkload: true as const }),
          }
        : need,
    );
  }
  return [...byKey.values()];
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
