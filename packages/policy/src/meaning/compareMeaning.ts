import { ownerOfGap } from './digestContent';
import { nameOfPolicy } from '../others/describe';
import type { PolicyOfOthers } from '../others/types';
import { describeMeaningDifference } from './describeMeaningDifference';
import { atLeastAsStrong, isCovered } from './edgeItems';
import type {
  DigestContent,
  DigestEdge,
  Meaning,
  MeaningComparison,
  MeaningDifference,
  MeaningOpening,
} from './types';

/**
 * Compares what was approved with what a request means now. `wider` when
 * anything is opened, a layer lost, plumbing or a gap added, or a caller cut
 * that was not shown; then the request must be approved again.
 *
 * @public
 */
export function compareMeaning(
  approved: Pick<Meaning, 'digest' | 'content'>,
  now: Pick<Meaning, 'digest' | 'content'>,
): MeaningComparison {
  if (approved.digest === now.digest) {
    return { result: 'same', differences: [], reasons: [] };
  }
  const wider = added(approved.content, now.content);
  if (wider.length > 0) {
    return {
      result: 'wider',
      differences: wider,
      reasons: wider.map(describeMeaningDifference),
    };
  }
  const narrower = added(now.content, approved.content);
  if (narrower.length > 0) {
    return {
      result: 'narrower',
      differences: narrower,
      reasons: narrower.map(
        difference => `No longer: ${describeMeaningDifference(difference)}`,
      ),
    };
  }
  const noted = changedProfiles(approved.content, now.content);
  return {
    result: 'same',
    differences: noted,
    reasons: noted.map(describeMeaningDifference),
  };
}

/** What `now` opens or cuts that `known` does not. */
function added(
  known: DigestContent,
  now: DigestContent,
): readonly MeaningDifference[] {
  return [
    ...(known.api === now.api
      ? []
      : [{ code: 'other-api', api: now.api } as const]),
    ...addedScope(known.scope, now.scope),
    ...now.edges.flatMap(edge => addedAccess(known.edges, edge)),
    ...missingFrom(known.gaps, now.gaps).map((gap): MeaningDifference => {
      const about = ownerOfGap(gap);
      return { code: 'gap-accepted', gap, ...(about && { about }) };
    }),
    ...addedOthers(known.others ?? [], now.others ?? []),
    ...now.flips.flatMap((flip): MeaningDifference[] => {
      const { cluster, workload, direction, layer } = flip;
      const where = { cluster, workload, direction, layer };
      const shown = known.flips.find(
        other =>
          other.cluster === cluster &&
          other.workload === workload &&
          other.direction === direction &&
          other.layer === layer,
      );
      return [
        ...(shown ? [] : [{ code: 'closed', ...where } as const]),
        ...missingFrom(shown?.cut ?? [], flip.cut).map(
          caller => ({ code: 'cut', caller, ...where } as const),
        ),
      ];
    }),
    ...addedOpenings(known.opened ?? [], now.opened ?? []),
    ...now.removed.flatMap(edge =>
      addedAccess(known.removed, edge).map(
        difference => ({ ...difference, takenAway: true } as const),
      ),
    ),
    ...missingFrom(known.plumbing, now.plumbing).map(
      plumbing => ({ code: 'plumbing-opened', plumbing } as const),
    ),
  ];
}

/** Policies of others that were not shown, or not at these ends, or of which it was said that they do less. */
function addedOthers(
  known: readonly PolicyOfOthers[],
  now: readonly PolicyOfOthers[],
): MeaningDifference[] {
  const keyOf = (policy: PolicyOfOthers) =>
    `${policy.cluster} ${nameOfPolicy(policy)}`;
  const shown = new Map(known.map(policy => [keyOf(policy), policy]));
  return now
    .filter(policy => {
      const before = shown.get(keyOf(policy));
      return (
        !before ||
        (policy.may !== 'refuse' && before.may === 'refuse') ||
        missingFrom(before.ends, policy.ends).length > 0
      );
    })
    .map(policy => ({ code: 'other-policy', policy }));
}

function addedOpenings(
  known: readonly MeaningOpening[],
  now: readonly MeaningOpening[],
): MeaningDifference[] {
  const keyOf = ({ cluster, workload, layer }: MeaningOpening) =>
    JSON.stringify([cluster, workload, layer]);
  const shown = new Set(known.map(keyOf));
  return now
    .filter(opening => !shown.has(keyOf(opening)))
    .map(opening => ({ code: 'opened-to-everyone', ...opening }));
}

/** An empty scope is every cluster. */
function addedScope(
  known: readonly string[],
  now: readonly string[],
): MeaningDifference[] {
  if (known.length === 0) {
    return [];
  }
  return now.length === 0
    ? [{ code: 'scope-added' }]
    : missingFrom(known, now).map(name => ({ code: 'scope-added', name }));
}

function addedAccess(known: readonly DigestEdge[], edge: DigestEdge) {
  const samePair = known.filter(
    other =>
      other.cluster === edge.cluster &&
      other.caller === edge.caller &&
      other.from === edge.from &&
      other.to === edge.to &&
      other.protocol === edge.protocol &&
      other.port === edge.port,
  );
  const strong = samePair
    .filter(other => atLeastAsStrong(edge.layers, other.layers))
    .flatMap(({ requests }) => requests);
  const any = samePair.flatMap(({ requests }) => requests);
  const { cluster, caller, from, to, protocol, port } = edge;
  return edge.requests
    .filter(request => !isCovered(request, strong))
    .map(
      request =>
        ({
          code: isCovered(request, any) ? 'layer-lost' : 'opened',
          ...{ cluster, caller, from, to, protocol, port, request },
        } as const),
    );
}

function missingFrom(
  known: readonly string[],
  now: readonly string[],
): string[] {
  return now.filter(text => !known.includes(text));
}

function changedProfiles(
  approved: DigestContent,
  now: DigestContent,
): MeaningDifference[] {
  return missingFrom(approved.profiles, now.profiles).map(profile => ({
    code: 'profile-changed',
    cluster: profile.split(':')[0],
  }));
}
