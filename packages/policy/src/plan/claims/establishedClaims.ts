import { parseCallerRef } from '../../model/callerRef';
import { parsePinnedEnd, PinnedEnd } from '../../model/pinnedEnd';
import { Workload } from '../../estate/types';
import { AccessPolicy, Grant } from '../../model/types';
import { CatalogIndex } from '../CatalogIndex';
import { Declarations, providersOf } from './providers';

/** An entity with an end that was approved for it. */
export interface EstablishedEnd {
  entity: string;
  end: PinnedEnd;
}

const known = new WeakMap<readonly string[], PinnedEnd[]>();

function endsOf(texts: readonly string[]): PinnedEnd[] {
  let ends = known.get(texts);
  if (!ends) {
    ends = texts.flatMap(text => parsePinnedEnd(text) ?? []);
    known.set(texts, ends);
  }
  return ends;
}

/** The entity that a grant names by itself. Members of sets come and go by what they say of themselves. */
function callerOf(grant: Grant, policy: AccessPolicy): string[] {
  const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
  return caller?.kind === 'entity' ? [caller.ref] : [];
}

/**
 * What was approved and merged through claims: Git says so, by the ends that grants pin. Asked only where nobody states
 * whose something is.
 */
export function establishedEnds(
  catalog: CatalogIndex,
  policies: Declarations,
): EstablishedEnd[] {
  return policies.flatMap(({ policy }) => {
    const { api, grants, providers = [] } = policy.spec;
    const pinned = grants.filter(({ ends }) => ends !== undefined);
    if (pinned.length === 0) return [];
    const { counted } = providersOf(catalog, api, providers);
    return pinned.flatMap(grant =>
      [
        [callerOf(grant, policy), grant.ends?.caller] as const,
        [counted, grant.ends?.provider] as const,
      ].flatMap(([entities, texts]) =>
        endsOf(texts ?? []).flatMap(end =>
          entities.map(entity => ({ entity, end })),
        ),
      ),
    );
  });
}

/** Whether an end is one of the places where a workload is. */
export function isPinned(end: PinnedEnd, workload: Workload): boolean {
  return (
    end.kind === 'account' &&
    end.cluster === workload.cluster &&
    end.namespace === workload.namespace &&
    end.serviceAccount === workload.serviceAccount &&
    Object.entries(end.selector ?? {}).every(
      ([key, value]) => workload.podLabels[key] === value,
    )
  );
}
