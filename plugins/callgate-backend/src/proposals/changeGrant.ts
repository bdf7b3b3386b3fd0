import { type Grant, removeGrant, replaceGrant } from '@callgate/policy';
import { type ParsedPolicy, readPolicy } from './readPolicies';
import type {
  ChangeEdit,
  DeclarationEdit,
  GrantChange,
  ProposalDraft,
} from './types';

/** The grant that a request is about; `undefined` where it is not there any more, or another one has its id by now. */
export function grantOf(
  { policy }: Pick<ParsedPolicy, 'policy'>,
  { change, caller }: { change: GrantChange; caller: string },
): Grant | undefined {
  return policy?.spec.grants.find(
    grant =>
      grant.id === change.grant &&
      grant.caller === caller &&
      grant.request === change.request,
  );
}

/** The text of a declaration with a grant changed or ended. */
export function changedText(text: string, edit: ChangeEdit): string {
  const { change, terms, request, approvedBy } = edit;
  if (change.kind === 'end') return removeGrant(text, change.grant);
  const { policy } = readPolicy('', text);
  const grant = policy?.spec.grants.find(({ id }) => id === change.grant);
  if (!grant) throw new Error(`there is no grant ${change.grant}`);
  return replaceGrant(
    text,
    grant.id,
    changedGrant(grant, terms, { request, approvedBy }),
  );
}

/** A grant with other terms. Who it was approved for stays, and so do those who approved what it had. */
export function changedGrant(
  grant: Grant,
  terms: ChangeEdit['terms'],
  {
    request,
    approvedBy,
  }: Pick<ChangeEdit, 'request'> & { approvedBy: readonly string[] },
): Grant {
  const { in: _in, acknowledges: _gaps, breakGlass, ...kept } = grant;
  const { until: day, ...others } = terms;
  const until = day ?? grant.until;
  const approvers = [...new Set([...(grant.approvedBy ?? []), ...approvedBy])];
  const { until: _until, ...rest } = { ...kept, ...others };
  return {
    ...rest,
    ...(until && { until }),
    // What somebody approves is a grant like others from then on.
    ...(breakGlass && approvedBy.length === 0 && { breakGlass }),
    ...(approvers.length > 0 && { approvedBy: approvers }),
    ...(request !== undefined && { request }),
  };
}

/**
 * Whether edits end the whole declaration, so that the API is open to everybody. Only where that was asked for a grant beside which
 * there was no other one: what ends together with others was never said to open anything.
 */
export function endsDeclaration(
  { policy }: Pick<ParsedPolicy, 'policy'>,
  edits: readonly DeclarationEdit[],
): boolean {
  const grants = policy?.spec.grants ?? [];
  return (
    grants.length === 1 &&
    !edits.some(edit => 'grant' in edit) &&
    edits.some(
      edit =>
        'change' in edit &&
        edit.change.kind === 'end' &&
        edit.change.whenLast === 'open' &&
        edit.change.grant === grants[0].id,
    )
  );
}

/** The grants that are there already and that edits change or end. */
export function changedGrants(edits: readonly DeclarationEdit[]): string[] {
  return edits.flatMap(edit => ('change' in edit ? edit.change.grant : []));
}

/** Whether terms that somebody asks for are nothing but a part of what a grant has: no more, no longer, and no further gap. */
export function isLess(grant: Grant, draft: ProposalDraft): boolean {
  const has = (
    all: readonly unknown[] | undefined,
    some: readonly unknown[],
  ) => {
    const known = new Set((all ?? []).map(each => JSON.stringify(each)));
    return some.every(each => known.has(JSON.stringify(each)));
  };
  const { until } = draft;
  const isNoLonger =
    until === undefined ||
    until === grant.until ||
    (until !== '' && (grant.until === undefined || until < grant.until));
  return (
    isNoLonger &&
    has(grant.operations, draft.operations) &&
    has(grant.acknowledges, draft.acknowledges) &&
    // Without clusters it holds wherever the pair runs.
    (!grant.in || (draft.in.length > 0 && has(grant.in, draft.in)))
  );
}

/** Whether terms that somebody asks for are those that a grant has. */
export function isSame(grant: Grant, draft: ProposalDraft): boolean {
  const terms = (each: Partial<Grant>, until: string | undefined) =>
    JSON.stringify([
      each.operations,
      [...(each.in ?? [])].sort(),
      [...(each.acknowledges ?? [])].sort(),
      each.reason ?? '',
      until ?? '',
    ]);
  return (
    terms(grant, grant.until) ===
    terms(
      {
        operations: [...draft.operations],
        in: [...draft.in],
        acknowledges: [...draft.acknowledges],
        reason: draft.reason?.trim() || grant.reason,
      },
      draft.until ?? grant.until,
    )
  );
}
