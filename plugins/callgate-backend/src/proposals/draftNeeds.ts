import {
  countApprovers,
  type Finding,
  type PretendedGrant,
  requiredApprovals,
} from '@callgate/policy';
import { type Need, needsOf, totalOf } from '../approval/needs';
import type { AppliedDeclaration } from './applyDeclaration';
import { toCompileInput } from './readRepository';
import { DRAFT_GRANT } from './toGrant';
import type { ProposalDraft, Snapshot } from './types';

/** Stands for the id that a request gets when it is sent. */
const SOME_REQUEST = '0'.repeat(26);

/** Whose approvals a draft takes, by the rules of who approves and by the guardrails. */
export function draftNeeds(
  snapshot: Snapshot,
  draft: ProposalDraft,
  applied: AppliedDeclaration | undefined,
): {
  needs: readonly Need[];
  /** What the guardrails refuse whoever approves. */
  refused: readonly Finding[];
  /** The draft's grant with as many approvers as it takes; absent where no number is enough. */
  pretend?: PretendedGrant;
} {
  const { api, caller, requestedBy, acknowledges } = draft;
  const { catalog, clusters } = snapshot;
  const compilation = applied?.state.compilation;
  const edges = (compilation?.plan.edges ?? []).filter(
    edge => edge.api === api && edge.grantId === DRAFT_GRANT,
  );
  const rules = requiredApprovals(snapshot.approvalRules, {
    api,
    caller,
    edges,
    acknowledges,
    catalog,
    clusters,
    ...(requestedBy && { requestedBy }),
  });
  const byRules = needsOf({ api, caller, rules });
  const grant = {
    api,
    grantId: DRAFT_GRANT,
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
    return { needs: byRules, refused };
  }
  return {
    needs: needsOf({ api, caller, rules, approvers: { count, because } }),
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
