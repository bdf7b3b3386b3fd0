import {
  meaningDifferenceWords,
  sayPart,
  whoIsCut,
  type Contract,
  type Meaning,
  type MeaningDifference,
} from '@callgate/policy';
import { ruleAt } from '../../approval/ruleAt';
import type {
  AccessRequestSummary,
  EntityLabel,
  Operation,
  ProposalLink,
  RequestRisk,
  Transition,
} from '@callgate/plugin-callgate-common';
import { CALLGATE_ACTOR } from '../../actor';
import type { Tally } from '../../approval';
import type {
  StoredRequest,
  StoredTransition,
} from '../../database/AccessStore';
import type { ProposalRecord } from '../../proposals/types';
import type { Discretion } from './Discretion';
import { kindOf } from '../../database/rows';
import { toBreakGlass } from './breakGlass';
import { changedOperations, changeSentence, untilText } from './changes';
import { confirmSentence } from './confirms';
import { nameOf, type LabelOf } from './Labels';
import { waitsForNeeds } from './needs';
import { beforeText } from './comments';
import { grantedOperations, operationsText } from './operations';
import { sayDay, sayMoment } from './sayDay';

/** What a summary needs besides the request. */
export interface SummaryContext {
  contract: Contract;
  labelOf: LabelOf;
  proposal?: ProposalRecord;
  tally: Tally;
  waitsForMe: boolean;
  reader: string;
  /** Somebody objects to the pull request. */
  changesRequested?: boolean;
  /** What it means now, where that is known. */
  present?: Meaning;
}

/** A request in a list. */
export function requestSummary(
  request: StoredRequest,
  context: SummaryContext,
): AccessRequestSummary {
  const { contract, labelOf, proposal, waitsForMe, reader, present } = context;
  const api = labelOf(request.apiRef);
  const caller = labelOf(request.callerRef);
  const operations = grantedOperations(request.draft.operations, contract);
  return {
    id: request.id,
    number: request.number,
    kind: kindOf(request.draft),
    ...(request.requestedBy === CALLGATE_ACTOR && { byCallgate: true }),
    api,
    caller,
    operations,
    in: request.draft.in,
    ...(request.draft.until !== undefined && { until: request.draft.until }),
    state: request.state,
    ...toBreakGlass(request),
    requestedBy: labelOf(request.requestedBy),
    createdAt: new Date(request.createdAt).toISOString(),
    updatedAt: new Date(request.updatedAt).toISOString(),
    waitsFor: waitsFor(request, context),
    risk: riskOf(operations, present ?? request.shown),
    ...(present && {
      meaningChanged: present.digest !== request.shown.digest,
    }),
    summary: summaryOf(request, { api, caller, operations, contract }),
    ...(proposal && {
      proposal: {
        ...toProposalLink(proposal),
        ...(context.changesRequested && { changesRequested: true }),
      },
    }),
    waitsForMe,
    mine: request.requestedBy === reader,
  };
}

/** What makes a request worth a closer look. */
function riskOf(operations: readonly Operation[], shown: Meaning): RequestRisk {
  return {
    writes: operations.some(({ writes }) => writes),
    ...(isAssumed(operations) && { writesAssumed: true }),
    flips: whoIsCut(shown).some(({ callers }) => callers.length > 0),
    findings: shown.findings.filter(({ severity }) => severity !== 'info')
      .length,
    everything: operations.some(({ kind }) => kind === 'port'),
  };
}

/** Whether that something is written is only the careful answer. */
function isAssumed(operations: readonly Operation[]): boolean {
  const writing = operations.filter(({ writes }) => writes);
  return writing.length > 0 && writing.every(({ assumed }) => assumed);
}

/** The same as a number to sort by: a flip outweighs a whole port, which outweighs a write. */
export function riskNumber(
  operations: readonly Operation[],
  shown: Meaning,
): number {
  const { writes, flips, everything } = riskOf(operations, shown);
  return (flips ? 4 : 0) + (everything ? 2 : 0) + (writes ? 1 : 0);
}

function summaryOf(
  request: StoredRequest,
  {
    api,
    caller,
    operations,
    contract,
  }: {
    api: EntityLabel;
    caller: EntityLabel;
    operations: Operation[];
    contract: Contract;
  },
): string {
  const { confirm, change, in: where } = request.draft;
  if (change)
    return changeSentence(
      request,
      api,
      caller,
      operationsText(operations),
      changedOperations(
        request.shown,
        { grant: change.grant, in: where },
        contract,
      ),
    );
  return confirm
    ? confirmSentence(request, api, caller, operationsText(operations))
    : sentence(caller, api, operations) + untilText(request.draft.until);
}

/** `Checkout asks to GET /orders and GET /orders/{id} of Orders`. */
function sentence(
  caller: EntityLabel,
  api: EntityLabel,
  operations: Operation[],
): string {
  // Only of a request whose record is damaged.
  if (operations.length === 0)
    return `${nameOf(caller)} asks for access to ${nameOf(api)}`;
  const all = (kind: Operation['kind']) =>
    operations.every(each => each.kind === kind);
  const verb = (all('port') && 'for') || (all('grpc') && 'to call') || 'to';
  return `${nameOf(caller)} asks ${verb} ${operationsText(
    operations,
  )} of ${nameOf(api)}`;
}

function waitsFor(
  request: StoredRequest,
  { labelOf, tally, proposal }: SummaryContext,
): string {
  switch (request.state) {
    case 'submitted':
      return waitsForNeeds(tally, labelOf);
    case 'returned':
      return `Waits for ${nameOf(labelOf(request.requestedBy))} to change it`;
    case 'approved':
      if (request.draft.change?.held)
        return `Will be proposed on ${sayDay(
          request.draft.change.proposeOn ?? '',
        )}`;
      return proposal?.problem
        ? 'The pull request could not be opened yet'
        : 'The pull request is being built';
    case 'proposed':
      return 'Waits for the platform team';
    case 'merged':
      return request.breakGlass?.afterwards === 'undecided'
        ? `${waitsForNeeds(tally, labelOf)}, afterwards`
        : '';
    default:
      return '';
  }
}

/** The proposal that carries a request. */
export function toProposalLink({
  id,
  number,
  state,
  url,
}: ProposalRecord): ProposalLink {
  return {
    id,
    state,
    ...(number !== undefined && { number }),
    ...(url && { url }),
  };
}

/** One step of the timeline. */
export function toTransition(
  step: StoredTransition,
  context: {
    contract: Contract;
    labelOf: LabelOf;
    discretion: Discretion;
    /** What people wrote is not for this reader. */
    secretive: boolean;
  },
): Transition {
  const { contract, labelOf, discretion, secretive } = context;
  const written =
    step.facts?.code === 'revised' ||
    step.facts?.code === 'confirmed-afterwards' ||
    !step.facts;
  const said = secretive && written ? undefined : reasonOf(step, discretion);
  const revised =
    step.facts?.code === 'revised'
      ? beforeText(step.facts.before, contract, secretive)
      : undefined;
  const reason = [said, revised].filter(Boolean).join('\n');
  return {
    at: new Date(step.at).toISOString(),
    ...(step.actor && { actor: labelOf(step.actor) }),
    ...(step.from && { from: step.from }),
    to: step.to,
    event: step.facts?.code === 'break-glass' ? 'break-glass' : step.event,
    ...(reason && { reason }),
    ...(step.link && { link: step.link }),
  };
}

function reasonOf(
  { event, actor, reason, facts }: StoredTransition,
  discretion: Discretion,
): string | undefined {
  if (facts) {
    switch (facts.code) {
      case 'meaning-changed':
        return meaningChanged(facts.differences, discretion);
      case 'more-approvals-needed':
        return moreNeeded(facts.rules);
      case 'grant-gone':
        return 'The grant is not there any more, or another one has its id by now.';
      case 'not-over':
        return 'The grant holds longer by now.';
      case 'preparable-again':
        return 'The API had errors when this was asked for. They are mended, so that it is asked for anew.';
      case 'caller-back':
        return 'The caller is in the catalog again.';
      case 'caller-renamed':
        return 'The caller seems to have another name in the catalog now: what it had is asked for under that one first.';
      case 'revised':
        return reason;
      case 'approved-by-rule':
        return `Nobody has to approve it, by the rule ${ruleAt(facts)}.`;
      case 'break-glass':
        return `It could not wait: it goes on before anybody approves it, until ${sayMoment(
          facts.expiresAt,
        )}.`;
      case 'confirmed-afterwards':
        return ['Confirmed afterwards.', reason].filter(Boolean).join(' ');
      case 'time-over':
        return event === 'lapse'
          ? 'Its time is over, and nobody has decided.'
          : 'Its time was over before it was merged.';
      case 'merged-after-end':
        return 'It only ended what was over, so Callgate merged it by itself: callgate.lifecycle.onExpiry is merge.';
      case 'glass-means-more':
        return 'It means more by now, which nobody has agreed to. Look at it again, and ask anew.';
      case 'withdrawn-too-late':
        return 'It was withdrawn before, but the pull request that had it was merged before that reached it. Whoever does not want the grant any more can end it.';
      case 'merged-all-the-same':
        return 'Its pull request was merged all the same: it still had it, or somebody had opened it again. Whoever does not want the grant can end it.';
      case 'no-approval-needed':
        return noApproval(facts);
      default:
        return 'Nothing is left to confirm: it is not so any more, or it is confirmed already.';
    }
  }
  // Before facts were stored it was a sentence with the names in it.
  const ours = event === 'ask-again' && actor === undefined;
  return ours && reason && !discretion.everythingSeen
    ? 'What it means has changed since it was approved.'
    : reason;
}

function noApproval({
  proposeOn,
  urgent,
}: {
  proposeOn?: string;
  urgent?: true;
}): string {
  // What ends sooner takes nothing from anybody yet, so that nothing is said to be taken away.
  const nobody = 'Nobody has to approve it: it opens nothing.';
  if (urgent) return `${nobody} It is urgent, so it is proposed at once.`;
  return proposeOn === undefined
    ? nobody
    : `${nobody} It will be proposed on ${sayDay(
        proposeOn,
      )}, so that the other side can see to it.`;
}

function moreNeeded(rules: readonly string[]): string {
  return `More people have to approve it than when it was approved${
    rules.length > 0 ? `, by the rule ${rules.join(', ')}` : ''
  }.`;
}

function meaningChanged(
  differences: readonly MeaningDifference[],
  discretion: Discretion,
): string {
  const told = differences.filter(each => discretion.tellsDifference(each));
  const untold = differences.length - told.length;
  const parts = [
    // Several workloads of one entity have one name.
    ...new Set(
      told.map(each => sayPart(meaningDifferenceWords(each), discretion.names)),
    ),
    ...(untold > 0
      ? [
          `${untold} ${
            untold === 1 ? 'change concerns' : 'changes concern'
          } what you may not see`,
        ]
      : []),
  ];
  return `What it means has changed since it was approved: ${parts.join('; ')}`;
}
