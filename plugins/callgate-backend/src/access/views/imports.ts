import { gapTitle, type Namer, nameOfOrigin } from '@callgate/policy';
import type {
  ApiImport,
  ImportKept,
  ImportObject,
  ImportPolicy,
  ImportRemoval,
  ImportSummary,
} from '@callgate/plugin-callgate-common';
import {
  changeTexts,
  grantOperationText,
  keptText,
  leavingText,
  rangesText,
  whyNoRemoval,
  whyNot,
} from '../../imports/importTexts';
import type { ImportDetails } from '../../imports/ImportReports';
import type { ApiImport as FoundImport, ApiRemoval } from '../../imports/types';
import type { ProposalRecord, ProposedFile } from '../../proposals/types';
import type { AccessFacts } from './AccessFacts';
import type { LabelOf } from './Labels';
import { Names } from './Names';
import { contractOf, grantedOperations, operationText } from './operations';
import { toFiles } from './proposals';

/** Origin of an object of the core. */
type Origin = FoundImport['outcome']['grants'][number]['by'][number];

const OPEN_ALREADY =
  'It has an open pull request. Import it when that is merged or closed.';

const GO_ALREADY =
  'It has an open pull request. Delete its policies when that is merged or closed.';

const NOTHING_IN_REPOSITORY =
  'None of them can be taken out of a file of the policy repository. Below is how each goes.';

/** An API in the list. Its reader may see every entity. */
export function toImportSummary(
  found: FoundImport,
  facts: AccessFacts,
  labelOf: LabelOf,
  current: ProposalRecord | undefined,
): ImportSummary {
  const { api, outcome, written, notNow } = found;
  const why = whyNot(found, Names.ofAll(facts));
  const refusal = why ?? (current && OPEN_ALREADY);
  const isDeclared = notNow?.reason === 'declared';
  const state = isDeclared ? 'declared' : outcome.state;
  return {
    api: labelOf(api),
    state,
    ...(why !== undefined && { reason: why }),
    grants: outcome.grants.length,
    kept: outcome.kept.length,
    ...(written && { digest: written.digest }),
    ...(current && {
      proposal: {
        id: current.id,
        state: current.state,
        ...(current.number !== undefined && { number: current.number }),
        imports: current.imported !== undefined,
      },
    }),
    choose: refusal ? { allowed: false, reason: refusal } : { allowed: true },
  };
}

/** One API with everything that is to be read before it is chosen. */
export function toApiImport(
  found: FoundImport,
  facts: AccessFacts,
  labelOf: LabelOf,
  how: {
    current: ProposalRecord | undefined;
    handWritten: ImportDetails['handWritten'];
    inForce: boolean;
    files: readonly ProposedFile[];
    removal?: ApiRemoval;
  },
): ApiImport {
  const { api, outcome, written } = found;
  const { leftOut } = outcome;
  const names = Names.ofAll(facts);
  const contract = contractOf(facts.entity(api), api);
  const removal = how.removal && toRemoval(how.removal, names, how.current);
  return {
    ...toImportSummary(found, facts, labelOf, how.current),
    items: outcome.grants.map(({ grant, by }) => ({
      id: grant.id,
      ...(grant.caller !== 'self' && { caller: labelOf(grant.caller) }),
      operations: grant.operations.map(operation =>
        'id' in operation
          ? grantedOperations([operation], contract).map(operationText).join()
          : grantOperationText(operation),
      ),
      clusters: [...(grant.in ?? [])],
      gaps: (grant.acknowledges ?? []).map(gapTitle),
      from: by.map(toObject),
    })),
    byHand: outcome.kept.map(
      (each): ImportKept => ({
        caller: labelOf(each.caller.ref),
        reason: keptText(each, names),
        access: rangesText(each.places.flatMap(({ access }) => access)),
        from: each.by.map(toObject),
      }),
    ),
    proposed: outcome.proposed.map(({ caller, canCall }) => ({
      caller: labelOf(caller),
      canCall,
    })),
    openIn: [...outcome.openIn],
    later: outcome.later.map(each => ({ ...each })),
    changes:
      leftOut?.reason === 'would-change' ? changeTexts(leftOut.changes) : [],
    policies: how.handWritten.map(each => toPolicy(each)),
    inForce: how.inForce,
    ...(removal && { removal }),
    files: written || how.removal ? toFiles(how.files) : [],
  };
}

/** The pull request that deletes policies by hand; `undefined` where no policy can go. */
function toRemoval(
  { policies, written, refused }: ApiRemoval,
  names: Namer,
  current: ProposalRecord | undefined,
): ImportRemoval | undefined {
  if (!policies.some(({ canGo }) => canGo)) return undefined;
  const why = refused && whyNoRemoval(refused, names);
  const refusal =
    why ?? (written ? current && GO_ALREADY : NOTHING_IN_REPOSITORY);
  return {
    ...(written && { digest: written.digest }),
    choose: refusal ? { allowed: false, reason: refusal } : { allowed: true },
  };
}

function toPolicy(policy: ImportDetails['handWritten'][number]): ImportPolicy {
  const { canGo, changes, alone, goes, leaving } = policy;
  return {
    ...toObject(policy),
    canGo,
    ...(!canGo && {
      stays: `${changeTexts(changes).slice(0, 1).join('')}${
        alone ? ', when the others that can go have gone' : ''
      }`,
    }),
    ...(goes && { goes }),
    ...(leaving && {
      instead: leavingText({ ...policy, goes: false, leaving }),
    }),
  };
}

function toObject(origin: Origin): ImportObject {
  const { cluster, at } = origin;
  return {
    object: nameOfOrigin(origin),
    cluster,
    ...(at && {
      file: at.file,
      ...(at.line !== undefined && { line: at.line }),
    }),
  };
}
