import {
  countApprovers,
  digestEnd,
  type DigestEdge,
  type Edge,
  type Finding,
  type Meaning,
  type PretendedGrant,
  requiredApprovals,
} from '@callgate/policy';
import {
  mergedNeeds,
  type Need,
  needKey,
  needsOf,
  totalOf,
} from '../approval/needs';
import { needsOfSharedWorkloads } from '../approval/sharedWorkloads';
import type { AppliedDeclaration } from './applyDeclaration';
import { toCompileInput } from './readRepository';
import type {
  CarriedRequest,
  ProposalDraft,
  Snapshot,
  TransitionFacts,
} from './types';

/** Stands for the id that a request gets when it is sent. */
const SOME_REQUEST = '0'.repeat(26);

/** Whose approvals a grant takes. */
export interface GrantNeeds {
  needs: readonly Need[];
  /** What the guardrails refuse whoever approves. */
  refused: readonly Finding[];
  /** The grant with as many approvers as it takes; absent where no number is enough. */
  pretend?: PretendedGrant;
}

/**
 * Whose approvals a draft or a request takes, by the rules of who approves and by the guardrails. Rules are asked about
 * everything that it opens: what it restores for others is decided with it.
 */
export function needsOfGrant(
  snapshot: Snapshot,
  draft: ProposalDraft,
  grantId: string,
  applied: AppliedDeclaration | undefined,
  meant?: Pick<Meaning, 'content'>,
  /** What it opens to everybody, as edges. */
  toEveryone: readonly Edge[] = [],
): GrantNeeds {
  const { api, caller, requestedBy, acknowledges } = draft;
  const { catalog, clusters } = snapshot;
  const compilation = applied?.state.compilation;
  const planned = compilation?.plan.edges ?? [];
  const isOwn = (edge: Edge) => edge.api === api && edge.grantId === grantId;
  const edges = planned.filter(isOwn);
  const opened = new Set(meant?.content.edges.map(wayOf));
  const others = planned.filter(
    edge => !isOwn(edge) && opened.has(plannedWay(edge)),
  );
  const rulesFor = (
    about: Pick<Edge, 'api' | 'caller'>,
    asked: readonly Edge[],
  ) =>
    requiredApprovals(snapshot.approvalRules, {
      ...about,
      edges: asked,
      acknowledges,
      catalog,
      clusters,
      ...(requestedBy && { requestedBy }),
    });
  const rules = [
    ...rulesFor({ api, caller }, [...edges, ...toEveryone]),
    ...others.flatMap(edge => rulesFor(edge, [edge])),
  ];
  const policies = toCompileInput([
    ...snapshot.policies.filter(({ file }) => file !== applied?.edited.file),
    ...(applied ? [applied.edited] : []),
  ]).policies;
  const further = needsOfSharedWorkloads(
    { catalog, clusters, policies },
    api,
    // Where nothing is planned nobody knows where it would be opened.
    edges.length > 0 || toEveryone.length > 0
      ? [
          ...new Set(
            [...edges, ...others, ...toEveryone].map(({ cluster }) => cluster),
          ),
        ]
      : undefined,
  );
  const byRules = needsOf({ api, caller, rules, further });
  const grant = {
    api,
    grantId,
    request: SOME_REQUEST,
    ...(requestedBy && { requestedBy }),
  };
  const { count, because, refused } = countApprovers(
    snapshot.guardrails,
    {
      plan: { edges },
      policies: applied ? toCompileInput([applied.edited]).policies : [],
      catalog,
      clusters,
      pretend: { ...grant, approvedBy: [] },
    },
    totalOf(byRules),
  );
  if (count === undefined) {
    return { needs: datedNeeds(snapshot, byRules), refused };
  }
  return {
    needs: datedNeeds(
      snapshot,
      needsOf({
        api,
        caller,
        rules,
        further,
        approvers: { count, because },
      }),
    ),
    refused: [],
    pretend: {
      ...grant,
      approvedBy: Array.from(
        { length: count },
        (_, index) => `user:default/approver-${index + 1}`,
      ),
    },
  };
}

/** Says of needs which version of the rules asks for them, where it is not the newest one. */
function datedNeeds(
  { approvalRules, standIns }: Snapshot,
  needs: readonly Need[],
): readonly Need[] {
  const ofApprovals = new Set(approvalRules.map(({ rule }) => rule.name));
  return needs.map(need => {
    const [first] = need.because
      .map(name =>
        ofApprovals.has(name) ? standIns.approvals : standIns.guardrails,
      )
      .filter(each => each !== undefined);
    return first
      ? { ...need, asOf: { commit: first.commit, at: first.at } }
      : need;
  });
}

/** Whose approvals several grants take that are decided together. */
export function mergedGrantNeeds(all: readonly GrantNeeds[]): GrantNeeds {
  const [first, ...others] = all;
  return others.length === 0
    ? first
    : {
        needs: mergedNeeds(all.flatMap(({ needs }) => needs)),
        refused: all.flatMap(({ refused }) => refused),
        // Which of them it stands for cannot be said of several; it says that some number is enough.
        ...(all.every(({ pretend }) => pretend) && { pretend: first.pretend }),
      };
}

/** What an edge is about, whatever it admits and between whom: rather asked too much than too little. */
type Way = Pick<
  DigestEdge,
  'cluster' | 'caller' | 'from' | 'to' | 'protocol' | 'port'
>;

function wayOf({ cluster, caller, from, to, protocol, port }: Way): string {
  return JSON.stringify([cluster, caller, from, to, protocol, port]);
}

/** The way of a planned edge, as a digest names it. */
function plannedWay({ from, to, ...edge }: Edge): string {
  return wayOf({ ...edge, from: digestEnd(from), to: digestEnd(to) });
}

/** What the approvals of a request lack for the needs as they are now; `undefined`: nothing. */
export function unmetNeeds(
  needs: readonly Need[],
  { approvals }: CarriedRequest,
): TransitionFacts | undefined {
  const unmet = needs.filter(
    need =>
      approvals.filter(each => each.need === needKey(need)).length < need.count,
  );
  const rules = [...new Set(unmet.flatMap(({ because }) => because))];
  return unmet.length === 0
    ? undefined
    : { code: 'more-approvals-needed', rules };
}
