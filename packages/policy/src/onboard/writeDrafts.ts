import { compile } from '../compile/compile';
import type { Compilation } from '../compile/types';
import { withoutGenerated } from '../compile/generatedObjects';
import type { Cluster } from '../estate/types';
import type { Finding, FindingCode } from '../findings';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity, Gap, Grant } from '../model/types';
import { endsToPin } from '../plan/endsToPin';
import { CatalogIndex } from '../plan/CatalogIndex';
import type { PlanInput } from '../plan/types';
import type { SourceFile } from '../source';
import { keptCaller } from './callers';
import type { ApiDraft, DraftGrant } from './draftTypes';
import { grantIds } from './grantIds';
import { headOf, policyText, reasonFor } from './policyText';
import type { ImportedGrant, KeptAccess } from './types';

/** What drafts are written with. */
export interface WritingInput {
  catalog: readonly CatalogEntity[];
  clusters: readonly Cluster[];
  policiesFolder: string;
}

/** One API as it is written. */
export interface WrittenApi {
  api: string;
  file: SourceFile;
  grants: readonly ImportedGrant[];
}

/** Drafts as AccessPolicies, and what these come to. */
export interface WrittenDrafts {
  /** The drafts without what could not be granted, which is among what they keep. */
  drafts: ApiDraft[];
  written: WrittenApi[];
  compilation: Compilation;
  /** Drafts whose declaration has errors, with them. */
  failed: ReadonlyMap<string, readonly Finding[]>;
}

/** Gaps that today's access has as well, by the error that asks to acknowledge them. */
const GAPS: Partial<Record<FindingCode, Gap>> = {
  'identity-not-enforceable': 'identity-not-enforced',
  'default-service-account': 'shared-service-account',
};

/**
 * Writes drafts, and compiles them until no grant has an error: a gap that the access has today is acknowledged, and a grant
 * that cannot be had is left to the objects that give it. Ends are pinned as an approval pins them.
 */
export function writeDrafts(
  input: WritingInput,
  drafts: readonly ApiDraft[],
): WrittenDrafts {
  const written = drafts.map(draft => write(input, draft));
  const compilation = compileAll(input, written);
  const settled = drafts.map((draft, index) =>
    settle(draft, written[index], compilation),
  );
  if (settled.some((draft, index) => draft !== drafts[index]))
    return writeDrafts(input, settled);
  const failed = new Map(
    compilation.failedApis
      .filter(({ reason }) => reason === 'errors')
      .map(({ api, findings }) => [api, findings]),
  );
  if (failed.size > 0) return { drafts: settled, written, compilation, failed };
  const pinned = written.map(each => pin(input, each, compilation));
  return {
    drafts: settled,
    written: pinned,
    compilation: compileAll(input, pinned),
    failed,
  };
}

function compileAll(
  { catalog, clusters }: WritingInput,
  written: readonly WrittenApi[],
): Compilation {
  return compile({
    policies: written.flatMap(({ file }): PlanInput['policies'][number][] => {
      const { policy, locate } = parseAccessPolicy(file);
      return policy ? [{ policy, file: file.path, locate }] : [];
    }),
    catalog,
    clusters: clusters.map(withoutGenerated),
  });
}

/** The draft after what its grants were told; itself where there is nothing. */
function settle(
  draft: ApiDraft,
  { grants: written }: WrittenApi,
  { held }: Compilation,
): ApiDraft {
  const errors = new Map(
    held
      .filter(({ api }) => api === draft.api)
      .map(({ grantId, findings }) => [grantId, findings]),
  );
  if (errors.size === 0) return draft;
  const grants: DraftGrant[] = [];
  const kept: KeptAccess[] = [...draft.kept];
  draft.grants.forEach((grant, index) => {
    const findings = errors.get(written[index].grant.id);
    if (!findings) {
      grants.push(grant);
      return;
    }
    const gaps = findings.map(({ code }) => GAPS[code]);
    const isNew = gaps.every(
      gap => gap !== undefined && !grant.acknowledges.includes(gap),
    );
    if (isNew) {
      const all = [...grant.acknowledges, ...gaps.filter(isGap)];
      grants.push({ ...grant, acknowledges: [...new Set(all)].sort() });
      return;
    }
    kept.push({
      caller: keptCaller({
        ref: grant.caller,
        class: grant.caller.startsWith('gateway:') ? 'gateway' : 'entity',
      }),
      reason: 'not-grantable',
      code: findings[0].code,
      places: grant.places,
      by: grant.by,
    });
  });
  return { ...draft, grants, kept };
}

function isGap(gap: Gap | undefined): gap is Gap {
  return gap !== undefined;
}

function write(input: WritingInput, draft: ApiDraft): WrittenApi {
  const ids = grantIds(draft.grants);
  return writtenOf(
    input,
    draft.api,
    draft.grants.map((grant, index) => ({
      grant: grantOf(grant, ids[index]),
      by: grant.by,
    })),
  );
}

function grantOf(draft: DraftGrant, id: string): Grant {
  return {
    id,
    caller: draft.caller,
    ...(draft.in && { in: [...draft.in] }),
    operations: [...draft.operations],
    reason: reasonFor(draft.by),
    ...(draft.acknowledges.length > 0 && {
      acknowledges: [...draft.acknowledges],
    }),
  };
}

function writtenOf(
  { catalog, policiesFolder }: WritingInput,
  api: string,
  grants: readonly ImportedGrant[],
): WrittenApi {
  const index = CatalogIndex.of(catalog);
  const entity = index.get(api);
  const [owner = ''] = entity ? [...index.ownersOf(entity)].sort() : [];
  const head = headOf(api, owner);
  return {
    api,
    file: {
      path: `${policiesFolder}/${head.namespace}/${head.name}.yaml`,
      text: policyText(head, grants),
    },
    grants,
  };
}

function pin(
  input: WritingInput,
  { api, grants }: WrittenApi,
  { plan }: Compilation,
): WrittenApi {
  return writtenOf(
    input,
    api,
    grants.map(each => {
      const ends = endsToPin(plan, input.clusters, { ...each.grant, api });
      return ends ? { ...each, grant: { ...each.grant, ends } } : each;
    }),
  );
}
