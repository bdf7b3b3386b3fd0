import { atLeastAsStrong, isCovered } from './edgeItems';
import type {
  DigestContent,
  DigestEdge,
  Meaning,
  MeaningComparison,
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
    return { result: 'same', reasons: [] };
  }
  const wider = added(approved.content, now.content);
  if (wider.length > 0) {
    return { result: 'wider', reasons: wider };
  }
  const narrower = added(now.content, approved.content);
  if (narrower.length > 0) {
    return {
      result: 'narrower',
      reasons: narrower.map(reason => `No longer: ${reason}`),
    };
  }
  return { result: 'same', reasons: noted(approved.content, now.content) };
}

/** What `now` opens or cuts that `known` does not, in sentences. */
function added(known: DigestContent, now: DigestContent): string[] {
  return [
    ...(known.api === now.api ? [] : [`it is about ${now.api}`]),
    ...addedScope(known.scope, now.scope),
    ...now.edges.flatMap(edge => addedAccess(known.edges, edge)),
    ...missingFrom(known.gaps, now.gaps).map(
      gap => `a gap is accepted: ${gap}`,
    ),
    ...now.flips.flatMap(flip => {
      const shown = known.flips.find(
        other =>
          other.cluster === flip.cluster &&
          other.workload === flip.workload &&
          other.direction === flip.direction &&
          other.layer === flip.layer,
      );
      const where = `${flip.workload} in ${flip.cluster} (${flip.direction}, ${flip.layer})`;
      return [
        ...(shown ? [] : [`${where} is closed to everyone else`]),
        ...missingFrom(shown?.cut ?? [], flip.cut).map(
          caller => `${caller} loses its access to ${where}`,
        ),
      ];
    }),
    ...now.removed.flatMap(edge =>
      addedAccess(known.removed, edge).map(text => `taken away: ${text}`),
    ),
    ...missingFrom(known.plumbing, now.plumbing).map(
      text => `plumbing is opened: ${text}`,
    ),
  ];
}

/** An empty scope is every cluster. */
function addedScope(
  known: readonly string[],
  now: readonly string[],
): string[] {
  if (known.length === 0) {
    return [];
  }
  return now.length === 0
    ? ['it holds in every cluster']
    : missingFrom(known, now).map(name => `it holds in ${name}`);
}

function addedAccess(known: readonly DigestEdge[], edge: DigestEdge): string[] {
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
  return edge.requests
    .filter(request => !isCovered(request, strong))
    .map(request => {
      const what = `${edge.from} → ${edge.to} in ${edge.cluster}, ${edge.protocol} ${edge.port} ${request}`;
      return isCovered(request, any)
        ? `a layer is lost: ${what}`
        : `it opens ${what}`;
    });
}

function missingFrom(
  known: readonly string[],
  now: readonly string[],
): string[] {
  return now.filter(text => !known.includes(text));
}

function noted(approved: DigestContent, now: DigestContent): string[] {
  return missingFrom(approved.profiles, now.profiles).map(
    profile =>
      `The platform profile of ${
        profile.split(':')[0]
      } has changed; access has not.`,
  );
}
