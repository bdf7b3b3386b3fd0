import type { PreviewPlace } from '@callgate/plugin-callgate-common';
import type { Place } from '../../proposals/places';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { toFinding } from './findings';

/** Names of the clusters in which an API is served and its caller runs, sorted; of a caller without workloads of its own, those of the API. */
export function clustersOfBoth(
  facts: AccessFacts,
  api: string,
  caller: string,
): string[] {
  const served = facts
    .providersOf(api)
    .flatMap(ref => facts.workloadsOf(ref))
    .map(({ cluster }) => cluster);
  const calling = new Set(
    facts.workloadsOf(caller).map(({ cluster }) => cluster),
  );
  return [...new Set(served)]
    .filter(cluster => calling.size === 0 || calling.has(cluster))
    .sort();
}

/** A place as a reader may read it. */
export function toPlace(
  { cluster, layers, errors, acknowledgeable }: Place,
  discretion: Discretion,
): PreviewPlace {
  return {
    cluster,
    ...(layers && { layers }),
    ...(errors.length > 0 && { blocked: toFinding(errors[0], discretion) }),
    acknowledgeable: [...acknowledgeable],
  };
}
