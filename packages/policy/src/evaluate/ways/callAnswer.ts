import { CallOptions } from '../CallOptions';
import { agree, verdictOf } from '../agree';
import { waysDiffer } from '../conditions';
import {
  MeshAnswer,
  meshAnswer,
  tunnelAnswer,
  waypointAnswer,
} from '../meshAnswer';
import { Party, WorkloadParty } from '../party';
import { NO, Tri, allOf } from '../tri';
import { Call, Hop } from '../types';
import { World } from '../World';
import { carriersBetween } from './carriers';
import { HBONE_PORT } from './directBounds';
import { hboneGuess } from './hbone';
import { hiddenSource } from './hiddenSource';
import { kernelAnswers } from './kernelAnswers';
import { Way } from './Way';
import { wayBounds, waysFor } from './wayBounds';

/** A call without a waypoint between the two. */
function directAnswer(
  world: World,
  from: Party,
  to: WorkloadParty,
  call: Call,
  options: CallOptions,
): MeshAnswer {
  const protocol = call.protocol ?? 'TCP';
  const cluster = world.of(to.cluster);
  const carriers =
    protocol === 'TCP' ? carriersBetween(from, to, options) : ['port' as const];
  const readings = carriers.map(carrier => {
    const port = carrier === 'tunnel' ? HBONE_PORT : call.port;
    const kernel = kernelAnswers(world, from, to, { protocol, port });
    const mesh =
      carrier === 'tunnel'
        ? tunnelAnswer(cluster, from, to, call)
        : meshAnswer(cluster, from, to, call, options);
    return {
      tri: allOf([kernel.tri, mesh.tri]),
      hops: [...kernel.hops, ...mesh.hops],
    };
  });
  if (readings.length === 1) return readings[0];
  const guess = [hboneGuess(from, to)];
  const tri = agree(
    readings.map(reading => reading.tri),
    guess,
  );
  // The hops of the reading that decides: one that refuses, if the answer is to refuse.
  const shown =
    readings.find(reading => reading.tri.value === tri.value) ?? readings[0];
  return { tri, hops: shown.hops };
}

/**
 * What is left open may be admitted by each hop and still by no request at
 * both: sets tell.
 */
function isSurelyRefused(
  world: World,
  from: Party,
  to: WorkloadParty,
  way: Way,
  call: Call,
  options: CallOptions,
): boolean {
  if (call.http?.host !== undefined) return false;
  const { possible } = wayBounds(world, from, to, way, options).whole;
  return !possible.mayContain({
    protocol: 'TCP',
    port: call.port,
    ...(call.http ?? {}),
  });
}

function wayAnswer(
  world: World,
  from: Party,
  to: WorkloadParty,
  way: Way,
  call: Call,
  options: CallOptions,
): MeshAnswer {
  const { stop, address } = way;
  const direct = () =>
    directAnswer(
      world,
      from,
      to,
      call,
      address ? { ...options, via: address } : options,
    );
  if (!stop || (call.protocol ?? 'TCP') !== 'TCP') return direct();
  const cluster = world.of(to.cluster);
  const first = kernelAnswers(world, from, stop.party, {
    protocol: 'TCP',
    port: HBONE_PORT,
  });
  const asked = address ? { ...call, port: address.port.port } : call;
  const waypoint = waypointAnswer(cluster, from, asked, stop);
  const second = directAnswer(world, stop.party, to, call, {});
  const tri = allOf([first.tri, waypoint.tri, second.tri]);
  const hops = [...first.hops, ...waypoint.hops, ...second.hops];
  return tri.value === 'maybe' &&
    isSurelyRefused(world, from, to, way, call, options)
    ? { tri: NO, hops }
    : { tri, hops };
}

/** All yes, all no, or unknown: what a Service offers decides before the pod's own address. */
function combined(
  offered: readonly Tri[],
  all: readonly Tri[],
  from: Party,
  to: WorkloadParty,
): Tri {
  if (offered.every(({ value }) => value === 'yes')) return offered[0];
  if (all.every(({ value }) => value === 'no')) return NO;
  return agree([...offered, ...all], [waysDiffer(from, to)]);
}

/** Answers one call at a workload, on the way that it names or on all of them. */
export function callAnswer(
  world: World,
  from: Party,
  to: WorkloadParty,
  call: Call,
  options: CallOptions,
): MeshAnswer {
  const hidden = hiddenSource(from, to, options);
  if (
    hidden?.ports.some(
      ({ protocol, port }) =>
        port === call.port && protocol === (call.protocol ?? 'TCP'),
    )
  ) {
    const readings = [from, hidden.node].map(party =>
      directAnswer(world, party, to, call, options),
    );
    const tri = agree(
      readings.map(reading => reading.tri),
      [hidden.condition],
    );
    const [own, node] = readings;
    if (tri.value === own.tri.value) return { tri, hops: own.hops };
    // The reading that the caller may not expect is shown, as what it is.
    const hops = node.hops.map(
      (hop, index): Hop =>
        hop.verdict === own.hops[index]?.verdict
          ? hop
          : { ...hop, verdict: 'conditional' },
    );
    return { tri, hops };
  }
  const ways = waysFor(from, to, options);
  const leading = ways.filter(
    ({ target }) =>
      target !== undefined &&
      target === call.port &&
      (call.protocol ?? 'TCP') === 'TCP',
  );
  const own = ways.filter(({ target }) => target === undefined);
  const all = [...leading, ...own].map(way =>
    wayAnswer(world, from, to, way, call, options),
  );
  if (all.length === 1) return all[0];
  const offered = leading.length > 0 ? all.slice(0, leading.length) : all;
  const tri = combined(
    offered.map(answer => answer.tri),
    all.map(answer => answer.tri),
    from,
    to,
  );
  const shown =
    all.find(answer => answer.tri.value === tri.value) ??
    all.find(answer => verdictOf(answer.tri) === 'conditional') ??
    all[0];
  return { tri, hops: shown.hops };
}
