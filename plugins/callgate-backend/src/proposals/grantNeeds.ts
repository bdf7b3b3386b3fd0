import {
  approvalFacts,
  type ApprovalJudgement,
  type AskedAccess,
  countApprovers,
  daysUntil,
  digestEnd,
  type DigestEdge,
  type Edge,
  type Finding,
  type Meaning,
  type PretendedGrant,
  judgeApprovals,
  refusedWithApprovers,
} from '@callgate/policy';
import {
  mergedNeeds,
  type Need,
  needKey,
  needsOf,
  totalOf,
} from '../approval/needs';
import { needsOfSharedWorkloads } from '../approval/sharedWorkloads';
import type { ApprovalQuestion } from '@callgate/plugin-callgate-node';
import type { AppliedDeclaration } from './applyDeclaration';
import { automaticOf, rulesOf } from './automatic';
import { glassBlocksOf } from './glassBlocks';
import { grantOf } from './changeGrant';
import { declarationOf } from './editDeclaration';
import { toCompileInput } from './readRepository';
import type {
  Automatic,
  CarriedRequest,
  DayLimits,
  GlassBlock,
  ProposalDraft,
  ProposalPreview,
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
  /** What rules come to by which nobody has to approve; where one does, `needs` is what it would take otherwise. */
  automatic?: Automatic;
  limits?: DayLimits;
  /** Why it could not go on before anybody approves it. */
  glass?: readonly GlassBlock[];
  /** What code is asked about that adds needs. */
  question?: ApprovalQuestion;
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
  meant?: Pick<Meaning, 'api' | 'content'>,
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
  const askedOf = (
    about: Pick<Edge, 'api' | 'caller'>,
    asked: readonly Edge[],
  ): AskedAccess => ({
    api: about.api,
    caller: about.caller,
    edges: asked,
    acknowledges,
    catalog,
    clusters,
    ...termsOf(snapshot, draft),
    ...(requestedBy && { requestedBy }),
  });
  const itself = askedOf({ api, caller }, [...edges, ...toEveryone]);
  const judged = judgeApprovals(snapshot.approvalRules, itself);
  const rules = [
    ...judged.needs,
    ...others.flatMap(
      edge =>
        judgeApprovals(snapshot.approvalRules, askedOf(edge, [edge])).needs,
    ),
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
  const asPlanned = {
    plan: { edges },
    policies: applied ? toCompileInput([applied.edited]).policies : [],
    catalog,
    clusters,
    pretend: { ...grant, approvedBy: [] },
  };
  const { count, because, refused } = countApprovers(
    snapshot.guardrails,
    asPlanned,
    totalOf(byRules),
  );
  const facts = {
    refusedWith: (approvedBy: readonly string[]) => {
      const pretend = { ...grant, approvedBy };
      return rulesOf(
        refusedWithApprovers(snapshot.guardrails, { ...asPlanned, pretend }),
      );
    },
    edges,
    others,
    toEveryone,
    ...(meant && { content: meant.content }),
  };
  const automatic = automaticOf(snapshot, draft, judged.auto, {
    ...facts,
    asked: [...new Set(rules.map(({ rule }) => rule))],
    shares: further.length > 0,
  });
  const known = {
    glass: glassBlocksOf(snapshot, draft, facts),
    ...(automatic && { automatic }),
    ...limitsOf(judged),
    question: questionOf(itself),
  };
  if (count === undefined) {
    return { ...known, needs: datedNeeds(snapshot, byRules), refused };
  }
  return {
    ...known,
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

/**
 * Whose approvals a grant takes when code has been asked as well. It only adds: where it asks for somebody, no rule approves.
 *
 * @param said - what code asks for, each with its name
 */
export function settledNeeds(
  { needs, automatic, limits }: GrantNeeds,
  said: readonly { needs: readonly Need[]; name: string }[],
): Pick<ProposalPreview, 'needs' | 'automatic' | 'limits'> {
  const asking = said.filter(each => each.needs.length > 0);
  // What only takes away needs nobody, whoever would like to be asked.
  const all =
    needs.length > 0
      ? mergedNeeds([...needs, ...asking.flatMap(each => each.needs)])
      : needs;
  if (!automatic) return { needs: all, ...(limits && { limits }) };
  const blocked: Automatic =
    'rule' in automatic && asking.length > 0
      ? {
          rules: [automatic.rule],
          blocks: [
            { code: 'others-needed', rules: asking.map(({ name }) => name) },
          ],
        }
      : automatic;
  return {
    needs: 'rule' in blocked ? [] : all,
    automatic: blocked,
    ...(limits && { limits }),
  };
}

/** Of what kind it is, and how long it is to last. */
function termsOf(
  snapshot: Snapshot,
  { api, caller, confirm, change, until, askedOn }: ProposalDraft,
): Pick<AskedAccess, 'kind' | 'days'> {
  const kind = confirm ? 'confirm' : change?.kind ?? 'new';
  const declaration = change && declarationOf(snapshot, api);
  const grant = declaration && grantOf(declaration, { change, caller });
  // Of a change that says no day, the one that is there stays.
  const day = until ?? grant?.until;
  return {
    kind,
    ...(day && askedOn && { days: Math.max(0, daysUntil(askedOn, day)) }),
  };
}

function limitsOf({
  maxDays,
  defaultDays,
}: ApprovalJudgement): Pick<GrantNeeds, 'limits'> {
  return maxDays || defaultDays
    ? {
        limits: {
          ...(maxDays && { maxDays }),
          ...(defaultDays && { defaultDays }),
        },
      }
    : {};
}

/** The facts that rules are asked about, for code. */
function questionOf(asked: AskedAccess): ApprovalQuestion {
  const { request } = approvalFacts(asked) as {
    request: Omit<ApprovalQuestion, 'api' | 'caller' | 'days'>;
  };
  const { requestedBy, ...facts } = request;
  return {
    ...facts,
    api: asked.api,
    caller: asked.caller,
    ...(requestedBy && { requestedBy }),
    days: asked.days ?? 0,
  };
}

/** Whose approvals several grants take that are decided together. */
export function mergedGrantNeeds(all: readonly GrantNeeds[]): GrantNeeds {
  const [first, ...others] = all;
  return others.length === 0
    ? first
    : {
        needs: mergedNeeds(all.flatMap(({ needs }) => needs)),
        refused: all.flatMap(({ refused }) => refused),
        // What confirms an end approves nothing by itself; each limit was judged when the grant was asked for.
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
