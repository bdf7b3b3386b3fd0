import type { AppliedDeclaration } from './applyDeclaration';
import type { DeclarationEdit, ProposalDraft } from './types';

/** A grant that a draft is about, with the draft as if it asked for that grant alone. */
export interface Subject {
  grantId: string;
  draft: ProposalDraft;
}

/**
 * The grants that have to be approved for a draft. Confirming a provider concerns every grant that opens something on it;
 * with none, it is still the owner of the API who decides.
 */
export function subjectsOf(
  draft: ProposalDraft,
  edit: DeclarationEdit,
  applied: AppliedDeclaration | undefined,
): Subject[] {
  if ('grant' in edit) return [{ grantId: edit.grant.id, draft }];
  if ('change' in edit) return [{ grantId: edit.change.grant, draft }];
  const { confirm } = edit;
  const grants = applied?.edited.policy?.spec.grants ?? [];
  const opened =
    'grant' in confirm
      ? [confirm.grant]
      : (applied?.state.compilation.plan.edges ?? [])
          .filter(
            ({ api, provider }) =>
              api === draft.api && provider === confirm.provider,
          )
          .map(({ grantId }) => grantId);
  const subjects = grants
    .filter(({ id }) => opened.includes(id))
    .map(({ id, caller, acknowledges = [], requestedBy }) => ({
      grantId: id,
      // Rules ask who wanted the access, which is not who asks to confirm it.
      draft: { ...draft, caller, acknowledges, requestedBy },
    }));
  return subjects.length > 0 ? subjects : [{ grantId: '', draft }];
}
