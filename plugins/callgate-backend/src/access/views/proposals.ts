import { type Contract, type Namer, sayWords } from '@callgate/policy';
import type {
  FileChange,
  ProposalRequest,
  ProposalSummary,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../../database/AccessStore';
import { menderOf } from '../../proposals/problems';
import type {
  ProposalCheck,
  ProposalRecord,
  ProposedFile,
} from '../../proposals/types';
import type { Discretion } from './Discretion';
import { nameOf, type LabelOf } from './Labels';
import { contractOf, grantedOperations, operationsText } from './operations';
import type { AccessFacts } from './AccessFacts';
import { problemText } from './problems';
import { sayDay } from './sayDay';
import { changedOperations, changedText } from './changes';
import { anyHidden, callersIn } from './unseen';

/** A proposal in a list. */
export function proposalSummary(
  proposal: ProposalRecord,
  requests: readonly StoredRequest[],
  facts: AccessFacts | undefined,
  labelOf: LabelOf,
  how: { platformTeam: string | undefined; reviewsInPortal: boolean },
  discretion: Discretion,
): ProposalSummary {
  const { platformTeam, reviewsInPortal } = how;
  const contract = contractOf(facts?.entity(proposal.api), proposal.api);
  // Once it is built, what it carries counts: not who was withdrawn since.
  const built = proposal.requestIds.length > 0;
  const carried = requests.filter(
    ({ id }) => !built || proposal.requestIds.includes(id),
  );
  const secret =
    anyHidden(callersOfProposal(proposal, requests, facts), labelOf) ||
    discretion.hidesCallersOf(proposal.api);
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
    requests: carried.map(request =>
      toProposalRequest(request, contract, labelOf),
    ),
    waitsFor:
      proposal.state === 'open'
        ? `Waits for ${
            platformTeam ? nameOf(labelOf(platformTeam)) : 'the platform team'
          }`
        : '',
    ...(proposal.problem && {
      problem: problemText(proposal.problem, discretion),
      problemCode: proposal.problem.code,
      problemMender: menderOf(proposal.problem.code),
    }),
  };
}

/** A request as its pull request names it. */
export function toProposalRequest(
  { id, state, callerRef, draft, shown, breakGlass }: StoredRequest,
  contract: Contract,
  labelOf: LabelOf,
): ProposalRequest {
  const operations = grantedOperations(draft.operations, contract);
  const { confirm, change, until } = draft;
  const label = labelOf(callerRef);
  const caller = nameOf(label);
  const what = `${
    breakGlass ? 'Break-glass, approved by nobody: ' : ''
  }${caller} → ${operationsText(operations)}`;
  const confirmed =
    confirm && 'provider' in confirm
      ? `Confirm: ${caller} provides it`
      : `Confirm: ${what}`;
  const parts =
    change &&
    changedText(
      changedOperations(shown, { grant: change.grant, in: draft.in }, contract),
    );
  const changed = {
    change: parts ? `Change: ${caller}, ${parts}` : `Change to: ${what}`,
    renew: `Renew until ${sayDay(until ?? '')}: ${what}`,
    end: `End: ${what}`,
  };
  const other = change ? changed[change.kind] : what;
  return {
    id,
    state,
    summary: confirm ? confirmed : other,
    caller: label,
    ...(until !== undefined && { until }),
  };
}

/** What a check says to one reader; those that were stored before names were set apart say what they said. */
export function textOfCheck(
  { text, words }: Pick<ProposalCheck, 'text' | 'words'>,
  namer: Namer,
): string {
  return words ? sayWords(words, namer) : text;
}

/** Every caller that a proposal's texts and files may name. */
export function callersOfProposal(
  proposal: ProposalRecord,
  requests: readonly StoredRequest[],
  facts: AccessFacts | undefined,
): Set<string> {
  return callersIn(proposal.meaning, [
    ...(proposal.imported?.named ?? []),
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
