import { RequestSet } from '../../requestset/RequestSet';
import { CallOptions } from '../CallOptions';
import { combineReadings } from '../istio/proxyBounds';
import { Bounds, OPEN } from '../networkpolicy/kernel';
import { Party } from '../party';
import { World } from '../World';
import { carriersBetween } from './carriers';
import { hboneGuess } from './hbone';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);
/** Where HBONE is taken. */
export const HBONE_PORT = 15008;
const HBONE = RequestSet.of({ protocol: 'TCP', ports: [HBONE_PORT] });

/** What a pair may do: layer by layer, and whole. */
export interface LayeredBounds {
  kernel: Bounds;
  mesh: Bounds;
  whole: Bounds;
}

/** What the kernel admits of TCP that is carried by HBONE: all of it or none (docs/semantics.md, A2). */
export function throughTunnel(kernel: Bounds): Bounds {
  if (kernel === OPEN) return OPEN;
  const carried = (set: RequestSet) =>
    HBONE.isSubset(set)
      ? set.intersect(NOT_TCP).union(ALL_TCP)
      : set.intersect(NOT_TCP);
  return {
    ...kernel,
    sure: carried(kernel.sure),
    possible: carried(kernel.possible),
  };
}

/** What both admit. */
export function both(a: Bounds, b: Bounds): Bounds {
  if (a === OPEN) return b;
  if (b === OPEN) return a;
  return {
    sure: a.sure.intersect(b.sure),
    possible: a.possible.intersect(b.possible),
    conditions: [...a.conditions, ...b.conditions],
  };
}

/** What a pair may do without a waypoint between them. */
export function directBounds(
  world: World,
  from: Party,
  to: Party,
  options: CallOptions,
): LayeredBounds {
  const kernel = world.kernelBounds(from, to);
  if (to.kind === 'address') return { kernel, mesh: OPEN, whole: kernel };
  const cluster = world.of(to.cluster);
  const readings = carriersBetween(from, to, options).map(carrier => {
    const [node, mesh] =
      carrier === 'tunnel'
        ? [throughTunnel(kernel), cluster.tunnelBounds(from, to)]
        : [kernel, cluster.meshBounds(from, to, options)];
    return { kernel: node, mesh, whole: both(node, mesh) };
  });
  if (readings.length === 1) return readings[0];
  const guess = [hboneGuess(from, to)];
  return {
    kernel: combineReadings(
      readings.map(each => each.kernel),
      guess,
    ),
    mesh: combineReadings(
      readings.map(each => each.mesh),
      guess,
    ),
    whole: combineReadings(
      readings.map(each => each.whole),
      guess,
    ),
  };
}
