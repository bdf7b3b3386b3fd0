import { RequestSet } from '../../requestset/RequestSet';
import { CallOptions } from '../CallOptions';
import { behindTunnel } from '../istio/caller';
import { Bounds } from '../networkpolicy/kernel';
import { Party, WorkloadParty } from '../party';
import { World } from '../World';
import {
  LayeredBounds,
  both,
  directBounds,
  throughTunnel,
} from './directBounds';
import { DIRECT, Way, WaypointStop, waysBetween } from './Way';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

function limited(bounds: Bounds, to: RequestSet): Bounds {
  return {
    ...bounds,
    sure: bounds.sure.intersect(to),
    possible: bounds.possible.intersect(to),
  };
}

/** What is admitted on a port of the Service, as what that is on the port of the workload. */
function moved(bounds: Bounds, port: number, target: number): Bounds {
  const move = (set: RequestSet) =>
    RequestSet.ofHttp('TCP', [target], set.on('TCP', port));
  return {
    ...bounds,
    sure: move(bounds.sure),
    possible: move(bounds.possible),
  };
}

/** What a waypoint admits from a caller, by the ports of the workload behind it. */
function waypointBounds(
  world: World,
  from: Party,
  to: WorkloadParty,
  stop: WaypointStop,
  target: number | undefined,
): Bounds {
  const cluster = world.of(to.cluster);
  const caller = behindTunnel(cluster.caller(from, 'mtls'));
  let found: Bounds | undefined;
  for (const model of cluster.waypointModels(stop)) {
    const bounds = cluster.boundsAt(model, caller, 'mtls');
    found = found ? both(found, bounds) : bounds;
  }
  if (!found) throw new Error('a waypoint has a model');
  const extra = cluster.unmodelled.mesh(stop.party.workload);
  const whole: Bounds =
    extra.length === 0
      ? found
      : {
          sure: NOT_TCP,
          possible: found.possible,
          conditions: [...found.conditions, ...extra],
        };
  return stop.address && target !== undefined
    ? moved(whole, stop.address.port.port, target)
    : whole;
}

/**
 * What a pair may do on one way. Through a waypoint both hops count, and the
 * provider sees the waypoint as its caller (docs/semantics.md, A6, A7); what is no TCP
 * goes past all proxies (A3).
 */
export function wayBounds(
  world: World,
  from: Party,
  to: WorkloadParty,
  way: Way,
  options: CallOptions,
): LayeredBounds {
  const { stop, target, address } = way;
  const direct = directBounds(
    world,
    from,
    to,
    address ? { ...options, via: address } : options,
  );
  if (!stop) return direct;
  const second = directBounds(world, stop.party, to, {});
  const first = throughTunnel(world.kernelBounds(from, stop.party));
  const waypoint = waypointBounds(world, from, to, stop, target);
  const tcp =
    target === undefined
      ? ALL_TCP
      : RequestSet.of({ protocol: 'TCP', ports: [target] });
  const around = (through: Bounds, past: Bounds): Bounds => {
    const inside = limited(through, tcp);
    const outside = limited(past, NOT_TCP);
    return {
      sure: inside.sure.union(outside.sure),
      possible: inside.possible.union(outside.possible),
      conditions: [...inside.conditions, ...outside.conditions],
    };
  };
  return {
    kernel: around(both(first, second.kernel), direct.kernel),
    mesh: around(both(waypoint, second.mesh), direct.mesh),
    whole: around(both(both(first, waypoint), second.whole), direct.whole),
  };
}

/** Ways that a call may take, as far as it says which. */
export function waysFor(
  from: Party,
  to: WorkloadParty,
  { via, tls }: CallOptions,
): readonly Way[] {
  const ways = tls === 'plaintext' ? DIRECT : waysBetween(from, to);
  if (via === undefined || ways.length === 1) return ways;
  const named =
    via === 'pod'
      ? []
      : ways.filter(
          ({ address }) =>
            address?.service === via.service &&
            address.port.port === via.port.port &&
            address.port.protocol === via.port.protocol,
        );
  return named.length > 0 ? named : ways.filter(({ address }) => !address);
}
