import {
  type AutomaticApproval,
  digestEnd,
  type DigestContent,
  type Edge,
  type Finding,
  formatRuleRef,
} from '@callgate/policy';
import { claimedWorkloads } from '../claims/claimedWorkloads';
import type {
  Automatic,
  AutomaticBlock,
  ProposalDraft,
  Snapshot,
} from './types';

/** What else is known of a draft that a rule would approve. */
export interface AutomaticFacts {
  /** Names of the rules that ask for somebody. */
  asked: readonly string[];
  /** Names of the guardrails that refuse it with these approvers. */
  refusedWith(approvedBy: readonly string[]): readonly string[];
  /** Edges of the grant, those of others that it opens, and those to everybody. */
  edges: readonly Edge[];
  others: readonly Edge[];
  toEveryone: readonly Edge[];
  /** Somebody else owns the workload as well, or an API on it. */
  shares: boolean;
  content?: DigestContent;
}

/**
 * Whether a rule approves a draft by itself. It does where it is the only thing that is to be said: nobody else is asked for,
 * nobody loses anything, everything asked for is enforced and known, and the rule rests on nothing that only the caller's
 * own team says.
 *
 * @returns undefined where no such rule is about it
 */
export function automaticOf(
  snapshot: Snapshot,
  draft: ProposalDraft,
  holding: readonly AutomaticApproval[],
  facts: AutomaticFacts,
): Automatic | undefined {
  if (holding.length === 0) return undefined;
  const rules = holding.map(({ rule }) => rule.name);
  const confirmed = holding.find(({ unconfirmed }) => unconfirmed.length === 0);
  const unconfirmed = [
    ...new Set(holding.flatMap(each => each.unconfirmed)),
  ].map((code): AutomaticBlock => ({ code }));
  const by = (confirmed ?? holding[0]).rule;
  const version = versionOf(snapshot, by.source);
  // Guardrails are asked about nobody as well: one that wants an approver wants a person.
  const guardrails = [
    ...facts.refusedWith([]),
    ...facts.refusedWith([formatRuleRef({ rule: by.name, version })]),
  ];
  const asked = [...new Set([...facts.asked, ...guardrails])];
  const { content } = facts;
  const opensMore =
    facts.others.length > 0 ||
    facts.toEveryone.length > 0 ||
    (content?.opened?.length ?? 0) > 0 ||
    (content?.removed ?? []).some(({ caller }) => caller !== draft.caller);
  const gaps = [
    ...draft.acknowledges,
    ...(content?.gaps ?? []),
    ...facts.edges.flatMap(edge => edge.gaps),
  ];
  const blocks: AutomaticBlock[] = [
    ...(asked.length > 0
      ? [{ code: 'others-needed' as const, rules: asked }]
      : []),
    ...(confirmed ? [] : unconfirmed),
    ...blockedIf(draft.confirm !== undefined, 'confirmation'),
    ...blockedIf(
      facts.edges.some(edge => edge.caller !== draft.caller),
      'several-callers',
    ),
    ...blockedIf(facts.shares, 'shared-workload'),
    ...blockedIf(
      (content?.flips ?? []).some(({ cut }) => cut.length > 0),
      'cuts-somebody',
    ),
    ...blockedIf(gaps.length > 0, 'accepts-gaps'),
    ...blockedIf((content?.others?.length ?? 0) > 0, 'policies-of-others'),
    ...blockedIf(isContested(snapshot, draft, facts.edges), 'contested'),
    ...blockedIf(opensMore, 'concerns-others'),
  ];
  return blocks.length > 0 ? { rules, blocks } : { rule: by.name, version };
}

/** Names of the guardrails that some findings are of. */
export function rulesOf(findings: readonly Finding[]): string[] {
  return [
    ...new Set(
      findings.map(({ data }) =>
        String((data as { rule?: unknown } | undefined)?.rule ?? ''),
      ),
    ),
  ];
}

/** The version of the text in which a rule stands. */
export function versionOf(
  { standIns, source, configuredRules }: Snapshot,
  of: 'repository' | 'configuration',
): string {
  return of === 'configuration'
    ? configuredRules ?? ''
    : standIns.approvals?.commit ?? source.commit ?? '';
}

function blockedIf(
  isSo: boolean,
  code: Exclude<AutomaticBlock['code'], 'others-needed'>,
): AutomaticBlock[] {
  return isSo ? [{ code }] : [];
}

/** Whether it is open whose one of the ends is, or whose anything of the caller or the API is. */
export function isContested(
  snapshot: Snapshot,
  { api, caller }: ProposalDraft,
  edges: readonly Edge[],
): boolean {
  const entities = new Set([
    api,
    caller,
    ...edges.flatMap(edge => [edge.caller, edge.provider]),
  ]);
  const ends = new Set(
    edges.flatMap(({ cluster, from, to }) =>
      [from, to].map(end => `${cluster} ${digestEnd(end)}`),
    ),
  );
  return claimedWorkloads(snapshot)
    .filter(({ state }) => state === 'contested')
    .some(
      ({ cluster, workload, claims }) =>
        ends.has(`${cluster} ${workload}`) ||
        claims.some(({ entity }) => entities.has(entity)),
    );
}
