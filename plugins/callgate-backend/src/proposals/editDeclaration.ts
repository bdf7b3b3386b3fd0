import {
  addGrant,
  type CatalogEntity,
  entityRefOf,
  type Finding,
  finding,
  type Grant,
  newAccessPolicy,
  parseAccessPolicy,
  parseEntityRefText,
} from '@callgate/policy';
import { checkRepositoryPath } from '@callgate/plugin-callgate-node';
import { changedText, endsDeclaration, grantOf } from './changeGrant';
import { confirmIn, confirmProblems } from './confirmIn';
import { type ParsedPolicy, readPolicy } from './readPolicies';
import { withWidenedEnds } from './widenedEnds';
import type {
  ChangeEdit,
  ConfirmEdit,
  DeclarationEdit,
  Snapshot,
} from './types';

/** The declaration of an API with further grants, and with others confirmed. */
export interface EditedDeclaration {
  /** Absent where there are errors. */
  edited?: ParsedPolicy;
  errors: readonly Finding[];
}

/**
 * Adds grants to the declaration of an API, changes, ends and confirms others, and makes the declaration where the API has
 * none. Lines that are not concerned keep their bytes. Other grants that the declaration has already stay as they are.
 */
export function editDeclaration(options: {
  snapshot: Snapshot;
  api: string;
  edits: readonly DeclarationEdit[];
  policiesFolder: string;
}): EditedDeclaration {
  const { snapshot, api, edits, policiesFolder } = options;
  const grants = edits.flatMap(edit => ('grant' in edit ? edit.grant : []));
  const confirms = edits.filter(
    (edit): edit is ConfirmEdit => 'confirm' in edit,
  );
  const changes = edits.filter((edit): edit is ChangeEdit => 'change' in edit);
  const entity = snapshot.catalog.find(each => entityRefOf(each) === api);
  if (!entity) {
    return {
      errors: [
        finding('api-not-found', `${api} is not in the catalog.`, {
          objects: [api],
          api,
        }),
      ],
    };
  }
  const start =
    declarationOf(snapshot, api) ??
    newDeclaration(entity, api, policiesFolder, snapshot);
  if (!start.policy) return { errors: start.findings };
  const known = new Set(start.policy.spec.grants.map(({ id }) => id));
  const asked = confirms.flatMap(({ confirm }) =>
    'grant' in confirm ? confirm.grant : [],
  );
  const gone = (id: string) =>
    invalid(`There is no grant ${id} any more.`, start.file, api);
  const problems = [
    ...asked.flatMap(id =>
      known.has(id) ? confirmProblems(snapshot, api, id) : gone(id),
    ),
    ...changes.flatMap(edit =>
      grantOf(start, edit) ? [] : gone(edit.change.grant),
    ),
  ];
  if (problems.length > 0) return { errors: problems };
  let { text } = start;
  if (endsDeclaration(start, edits)) {
    const { file } = start;
    return {
      edited: { file, text: '', findings: [], removed: true },
      errors: [],
    };
  }
  try {
    // Of several that end one grant each is met by the first.
    for (const edit of changes)
      if (edit.change.kind !== 'end' || hasGrant(text, edit.change.grant))
        text = changedText(text, edit);
    text = withWidenedEnds({ snapshot, api, start, text, changes });
    for (const grant of grants) {
      if (!known.has(grant.id)) text = addGrant(text, grant);
    }
    if (confirms.length > 0)
      text = confirmIn({ snapshot, api, file: start.file, text, confirms });
  } catch (error) {
    const rewritten = changes.flatMap(({ change, caller, terms }) =>
      change.kind === 'end' ? [] : { id: change.grant, caller, ...terms },
    );
    const wrong = [...grants, ...rewritten].flatMap(grant =>
      grantFindings(grant, api),
    );
    return {
      errors:
        wrong.length > 0
          ? wrong
          : [invalid((error as Error).message, start.file, api)],
    };
  }
  const edited = readPolicy(start.file, text);
  return edited.policy ? { edited, errors: [] } : { errors: edited.findings };
}

function hasGrant(text: string, grantId: string): boolean {
  const { policy } = readPolicy('', text);
  return policy?.spec.grants.some(({ id }) => id === grantId) ?? false;
}

/** The declaration of an API at the tip, also one that does not parse. */
export function declarationOf(
  snapshot: Snapshot,
  api: string,
): ParsedPolicy | undefined {
  return (
    snapshot.policies.find(({ policy }) => policy?.spec.api === api) ??
    snapshot.policies.find(
      ({ policy, api: declared }) => !policy && declared === api,
    )
  );
}

function newDeclaration(
  entity: CatalogEntity,
  api: string,
  folder: string,
  snapshot: Snapshot,
): ParsedPolicy {
  const parts = parseEntityRefText(api)!;
  const file = checkRepositoryPath(
    `${folder}/${parts.namespace}/${parts.name}.yaml`,
  );
  const taken = [...snapshot.repository.keys()].find(
    path => path.toLowerCase() === file.toLowerCase(),
  );
  if (taken) {
    const message = `${taken} is where the declaration of ${api} belongs, but it declares something else.`;
    return { file, text: '', findings: [invalid(message, taken, api)] };
  }
  const owner =
    entity.relations?.find(({ type }) => type === 'ownedBy')?.targetRef ??
    (typeof entity.spec?.owner === 'string' ? entity.spec.owner : '');
  return readPolicy(
    file,
    newAccessPolicy({
      name: parts.name,
      namespace: parts.namespace,
      owner,
      api,
    }),
  );
}

function invalid(message: string, file: string, api: string): Finding {
  return finding('policy-invalid', message, {
    objects: [file],
    at: { file },
    api,
  });
}

/** What is wrong with a grant by itself: nothing has a place in a file yet. */
function grantFindings(grant: Grant, api: string): Finding[] {
  const text = JSON.stringify({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name: 'draft' },
    spec: {
      owner: 'group:default/draft',
      api,
      mode: 'enforce',
      grants: [grant],
    },
  });
  return parseAccessPolicy({ path: 'draft', text }).findings.map(
    ({ at: _, ...found }) => ({ ...found, objects: [grant.caller], api }),
  );
}
