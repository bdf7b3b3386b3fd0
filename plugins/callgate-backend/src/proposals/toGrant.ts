import { type Grant, parseEntityRefText } from '@callgate/policy';
import type {
  CarriedRequest,
  DeclarationEdit,
  ProposalDraft,
  Snapshot,
} from './types';

/** What a draft would change in the declaration. */
export function draftEdit(
  snapshot: Pick<Snapshot, 'policies'>,
  draft: ProposalDraft,
): DeclarationEdit {
  const { confirm, change, caller } = draft;
  if (confirm) return { confirm, approvedBy: [] };
  return change
    ? { change, caller, terms: terms(draft), approvedBy: [] }
    : { grant: draftGrant(snapshot, draft) };
}

/** What an approved request changes in the declaration. */
export function requestEdit(request: CarriedRequest): DeclarationEdit {
  const { confirm, change, approvals, caller, id } = request;
  const approvedBy = [...new Set(approvals.map(({ by }) => by))].sort();
  if (confirm) return { confirm, approvedBy };
  return change
    ? { change, caller, terms: terms(request), request: id, approvedBy }
    : { grant: requestGrant(request) };
}

/** The grant that a draft would become; who asked and approved is not known yet. */
function draftGrant(
  { policies }: Pick<Snapshot, 'policies'>,
  draft: ProposalDraft,
): Grant {
  // Ids are what people write: the draft must not be taken for a grant of theirs.
  const taken = new Set(
    policies.flatMap(({ policy }) =>
      policy?.spec.api === draft.api
        ? policy.spec.grants.map(each => each.id)
        : [],
    ),
  );
  let id = 'preview';
  for (let next = 2; taken.has(id); next++) id = `preview-${next}`;
  return { id, ...terms(draft) };
}

/** The grant that an approved request becomes, with where it comes from. */
export function requestGrant(request: CarriedRequest): Grant {
  const approvers = [...new Set(request.approvals.map(({ by }) => by))].sort();
  const { acknowledges, ...rest } = terms(request);
  return {
    id: grantIdOf(request),
    ...rest,
    requestedBy: request.requestedBy,
    approvedBy: approvers,
    request: request.id,
    ...(acknowledges && { acknowledges }),
  };
}

/** Unique without looking at the file, so that the same request is the same grant whatever else the file has. */
export function grantIdOf({
  caller,
  id,
}: Pick<CarriedRequest, 'caller' | 'id'>): string {
  const name = parseEntityRefText(caller)?.name ?? 'caller';
  return `${name.slice(0, 50).replace(/[-_.]+$/, '')}-${id
    .slice(-8)
    .toLowerCase()}`;
}

function terms(draft: ProposalDraft): Omit<Grant, 'id'> {
  const reason = draft.reason?.trim();
  const { change, until } = draft;
  return {
    caller: draft.caller,
    ...(draft.in.length > 0 && { in: [...new Set(draft.in)].sort() }),
    operations: [...draft.operations],
    ...(reason && { reason }),
    // Of a change an empty text takes the day away.
    ...(until !== undefined && (change || until) && { until }),
    ...(draft.breakGlass && { breakGlass: true as const }),
    ...(draft.acknowledges.length > 0 && {
      acknowledges: [...new Set(draft.acknowledges)].sort(),
    }),
  };
}
