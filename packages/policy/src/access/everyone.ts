import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import type { EffectivePair } from '../verify/EffectiveAccessIndex';
import type { ApiProvider, ApiSide } from './ApiSide';
import { isInherent } from '../verify/isInherent';

/**
 * Whether everyone can call a provider, also somebody who is not there yet: its own doors are open to anybody, at every layer.
 * How many of those who are there can call says nothing about that. `may`: whoever is there may be able to, and nobody
 * surely can.
 */
export function everyoneAt(
  side: ApiSide,
  provider: ApiProvider,
  pairs: readonly EffectivePair[],
): 'can' | 'may' | 'cannot' {
  const { cluster, workload, ports } = provider;
  const index = side.book.effective(cluster);
  const open = answerOr(
    () =>
      index
        .openTo(workload.id, 'ingress', 'kernel')
        .intersect(index.openTo(workload.id, 'ingress', 'identity'))
        .intersect(ports.requests),
    () => RequestSet.empty,
  );
  const reaching = pairs.filter(
    pair =>
      !pair.outside &&
      isStranger(side, provider, pair.from) &&
      !isInherent(pair) &&
      answerOr(
        () => !pair.possible.intersect(ports.requests).isEmpty,
        () => true,
      ),
  );
  const nobodySurely = reaching.every(({ sure }) =>
    answerOr(
      () => sure.intersect(ports.requests).isEmpty,
      () => true,
    ),
  );
  const everyoneMay = reaching.length > 0 && nobodySurely;
  if (!open.isEmpty && side.concerns(provider, open))
    // A policy that is not covered may close what the others leave open.
    return everyoneMay ? 'may' : 'can';
  const strangers = cluster.workloads.filter(({ id }) =>
    isStranger(side, provider, id),
  );
  return everyoneMay && reaching.length === strangers.length ? 'may' : 'cannot';
}

function isStranger(
  side: ApiSide,
  { cluster, workload, waypoints }: ApiProvider,
  from: string,
): boolean {
  return (
    !side.isProvider(cluster.name, from) &&
    !waypoints.has(from) &&
    side.edgesBetween(cluster.name, from, workload.id).length === 0
  );
}
