import type {
  FileChange,
  ProposalSummary,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import { menderOf } from '../../proposals/problems';
import type { ProposalRecord, ProposedFile } from '../../proposals/types';
import { nameOf, type LabelOf } from './Labels';
import { contractOf, grantedOperations, operationsText } from './operations';
import type { AccessFacts } from './AccessFacts';
import { SECRET_PROBLEM } from './problems';
import { anyHidden, callersIn } from './unseen';

/** A proposal in a list. */
export function proposalSummary(
  proposal: ProposalRecord,
  requests: readonly StoredRequest[],
  facts: AccessFacts | undefined,
  labelOf: LabelOf,
  how: { platformTeam: string | undefined; reviewsInPortal: boolean },
): ProposalSummary {
  const { platformTeam, reviewsInPortal } = how;
  const contract = contractOf(facts?.entity(proposal.api), proposal.api);
  // Once it is built, what it carries counts: not who was withdrawn since.
  const built = proposal.requestIds.length > 0;
  const carried = requests.filter(
    ({ id }) => !built || proposal.requestIds.includes(id),
  );
  const secret = anyHidden(
    callersOfProposal(proposal, requests, facts),
    labelOf,
  );
  return {
    id: proposal.id,
    ...(proposal.number !== undefined && { number: proposal.number }),
    title: secret
      ? `Access to ${nameOf(labelOf(proposal.api))}`
      : proposal.title,
    state: proposal.state,
    api: labelOf(proposal.api),
    branch: proposal.branch,
    forge: proposal.forge,
    reviewsInPortal,
    ...(proposal.url && { url: proposal.url }),
    createdAt: proposal.createdAt,
    updatedAt: proposal.updatedAt,
    requests: carried.map(request => ({
      id: request.id,
      state: request.state,
      summary: `${nameOf(labelOf(request.callerRef))} → ${operationsText(
        grantedOperations(request.draft.operations, contract),
      )}`,
    })),
    waitsFor:
      proposal.state === 'open'
        ? `Waits for ${
            platformTeam ? nameOf(labelOf(platformTeam)) : 'the platform team'
          }`
        : '',
    ...(proposal.problem && {
      problem: secret ? SECRET_PROBLEM : proposal.problem,
      problemCode: proposal.problemCode ?? 'unexpected',
      problemMender: menderOf(proposal.problemCode),
    }),
  };
}

/** Every caller that a proposal's texts and files may name. */
export function callersOfProposal(
  proposal: ProposalRecord,
  requests: readonly StoredRequest[],
  facts: AccessFacts | undefined,
): Set<string> {
  return callersIn(proposal.meaning, [
    ...(facts?.callersOf(proposal.api) ?? []),
    ...requests.map(({ callerRef }) => callerRef),
  ]);
}

/** Files of a proposal or preview. */
export function toFiles(files: readonly ProposedFile[]): FileChange[] {
  return files.map(
    ({ path, status, before, after, additions, deletions, kind }) => ({
      path,
      status,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      additions,
      deletions,
      kind,
    }),
  );
}
