import { RequestSet } from '../../requestset/RequestSet';
import { Bounds } from '../networkpolicy/kernel';
import { Condition } from '../types';

/** What one way admits; `target`: only this port of the workload is reached by it. */
export interface OfWay {
  target?: number;
  bounds: Bounds;
}

/**
 * What a pair may do when nobody says which way it takes. Sure is what every
 * Service that leads to a port admits on it, and the pod's own address where
 * none does; possible is what any way admits, also the pod's address.
 */
export function combineWays(ways: readonly OfWay[], differ: Condition): Bounds {
  const pod = ways.filter(way => way.target === undefined);
  const byPort = new Map<number, Bounds[]>();
  for (const { target, bounds } of ways) {
    if (target === undefined) continue;
    const list = byPort.get(target);
    if (list) list.push(bounds);
    else byPort.set(target, [bounds]);
  }
  const conditions = ways.flatMap(way => way.bounds.conditions);
  let sure = pod.reduce(
    (set, { bounds }) => set.intersect(bounds.sure),
    RequestSet.all,
  );
  let possible = pod.reduce(
    (set, { bounds }) => set.union(bounds.possible),
    RequestSet.empty,
  );
  for (const [port, offered] of byPort) {
    const on = RequestSet.of({ protocol: 'TCP', ports: [port] });
    const all = offered
      .map(bounds => bounds.sure.intersect(on))
      .reduce((a, b) => a.intersect(b));
    sure = sure.subtract(on).union(all);
    for (const bounds of offered)
      possible = possible.union(bounds.possible.intersect(on));
  }
  return sure.equals(possible)
    ? { sure, possible, conditions: [] }
    : { sure, possible, conditions: [...conditions, differ] };
}
