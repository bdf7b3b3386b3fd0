import type { Contract, Meaning } from '@callgate/policy';
import type {
  AccessRequestSummary,
  Deciders,
  EntityLabel,
  Operation,
  ProposalLink,
  RequestRisk,
  Transition,
} from '@callgate/plugin-callgate-common';
import type {
  StoredRequest,
  StoredTransition,
} from '../../database/AccessStore';
import type { DecidersOf } from '../../ownership';
import type { ProposalRecord } from '../../proposals/types';
import { nameOf, type LabelOf } from './Labels';
import { grantedOperations, operationsText } from './operations';

/** What a summary needs besides the request. */
export interface SummaryContext {
  contract: Contract;
  labelOf: LabelOf;
  proposal?: ProposalRecord;
  owners: string[];
  waitsForMe: boolean;
  reader: string;
}

/** A request in a list. */
export function requestSummary(
  request: StoredRequest,
  context: SummaryContext,
): AccessRequestSummary {
  const { contract, labelOf, proposal, waitsForMe, reader } = context;
  const api = labelOf(request.apiRef);
  const caller = labelOf(request.callerRef);
  const operations = grantedOperations(request.draft.operations, contract);
  return {
    id: request.id,
    number: request.number,
    api,
    caller,
    operations,
    in: request.draft.in,
    state: request.state,
    requestedBy: labelOf(request.requestedBy),
    createdAt: new Date(request.createdAt).toISOString(),
    updatedAt: new Date(request.updatedAt).toISOString(),
    waitsFor: waitsFor(request, context),
    risk: riskOf(operations, request.shown),
    summary: sentence(caller, api, operations),
    ...(proposal && { proposal: toProposalLink(proposal) }),
    waitsForMe,
    mine: request.requestedBy === reader,
  };
}

/** What makes a request worth a closer look. */
function riskOf(operations: readonly Operation[], shown: Meaning): RequestRisk {
  return {
    writes: operations.some(({ writes }) => writes),
    flips: shown.flips.some(({ cut }) => cut.length > 0),
    findings: shown.findings.filter(({ severity }) => severity !== 'info')
      .length,
    everything: operations.some(({ kind }) => kind === 'port'),
  };
}

/** The same as a number to sort by: a flip outweighs a whole port, which outweighs a write. */
export function riskNumber(
  operations: readonly Operation[],
  shown: Meaning,
): number {
  const { writes, flips, everything } = riskOf(operations, shown);
  return (flips ? 4 : 0) + (everything ? 2 : 0) + (writes ? 1 : 0);
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
  const everything = operations.every(({ kind }) => kind === 'port');
  return `${nameOf(caller)} asks ${everything ? 'for' : 'to'} ${operationsText(
    operations,
  )} of ${nameOf(api)}`;
}

function waitsFor(
  request: StoredRequest,
  { labelOf, owners, proposal }: SummaryContext,
): string {
  switch (request.state) {
    case 'submitted':
      return owners.length > 0
        ? `Waits for ${owners.map(ref => nameOf(labelOf(ref))).join(' or ')}`
        : 'Waits for nobody: the API has no owner';
    case 'approved':
      return proposal?.problem
        ? 'The pull request could not be opened yet'
        : 'The pull request is being built';
    case 'proposed':
      return 'Waits for the platform team';
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

/** Who can decide, for people. */
export function toDeciders(deciders: DecidersOf, labelOf: LabelOf): Deciders {
  const labels = deciders.owners.map(labelOf);
  const count = deciders.people.length;
  const names = labels.map(nameOf).join(' or ');
  return {
    labels,
    people: count,
    fallback: deciders.fallback,
    names: deciders.people.slice(0, 10).map(labelOf),
    text:
      count === 0
        ? 'Nobody else can decide: the API has no other owner, and no fallback group is configured.'
        : `${names}${deciders.fallback ? ' (nobody else owns the API)' : ''}, ${
            count === 1 ? '1 person' : `any of ${count} people`
          }`,
  };
}

/** One step of the timeline. */
export function toTransition(
  step: StoredTransition,
  labelOf: LabelOf,
): Transition {
  return {
    at: new Date(step.at).toISOString(),
    ...(step.actor && { actor: labelOf(step.actor) }),
    ...(step.from && { from: step.from }),
    to: step.to,
    event: step.event,
    ...(step.reason && { reason: step.reason }),
    ...(step.link && { link: step.link }),
  };
}
