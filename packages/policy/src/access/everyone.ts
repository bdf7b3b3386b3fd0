import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import type { EffectivePair } from '../verify/EffectiveAccessIndex';
import type { ApiProvider, ApiSide } from './ApiSide';
import { callOf, decisionsOn, openersOf } from '../verify/decidingObjects';
import { isInherent } from '../verify/isInherent';
import type { Doors } from './answerTypes';

/**
 * Whether everyone can call a provider, also somebody who is not there yet: its own doors are open to anybody, at every layer.
 * How many of those who are there can call says nothing about that. `may`: whoever is there may be able to, and nobody
 * surely can.
 */
export function doorsOf(
  side: ApiSide,
  provider: ApiProvider,
  pairs: readonly EffectivePair[],
): Doors {
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
    return everyoneMay
      ? // A policy that is not covered may close what the others leave open.
        { everyone: 'may', entirely: false, openedBy: [] }
      : {
          everyone: 'can',
          entirely: answerOr(
            () => ports.requests.isSubset(open),
            () => false,
          ),
          openedBy: openers(side, provider, pairs, open),
        };
  const strangers = cluster.workloads.filter(({ id }) =>
    isStranger(side, provider, id),
  );
  return {
    everyone:
      everyoneMay && reaching.length === strangers.length ? 'may' : 'cannot',
    entirely: false,
    openedBy: [],
  };
}

/** Who lets everyone in, by a call of anybody who can make it. */
function openers(
  { book }: ApiSide,
  { cluster, workload }: ApiProvider,
  pairs: readonly EffectivePair[],
  open: RequestSet,
): Doors['openedBy'] {
  for (const { from, outside, sure } of pairs) {
    const call = answerOr(
      () =>
        callOf(
          open.intersect(sure),
          outside ? outside.example : from,
          workload.id,
        ),
      () => undefined,
    );
    if (call)
      return openersOf(
        decisionsOn(book.effective(cluster).world, cluster, call),
      );
  }
  return [];
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
