import { Manifest, World, WorldCall } from './types';

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value with one item or field left out, at any depth, the outermost first. */
export function* smallerValues(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys())
      yield value.filter((_, each) => each !== index);
    for (const [index, item] of value.entries())
      for (const less of smallerValues(item))
        yield value.map((each, at) => (at === index ? less : each));
  } else if (isJson(value)) {
    for (const name of Object.keys(value)) {
      const { [name]: _, ...rest } = value;
      yield rest;
    }
    for (const [name, item] of Object.entries(value))
      for (const less of smallerValues(item)) yield { ...value, [name]: less };
  }
}

/** Lists with one policy or a part of one left out. */
export function* smallerPolicies(
  policies: readonly Manifest[],
): Generator<Manifest[]> {
  for (const index of policies.keys())
    yield policies.filter((_, each) => each !== index);
  for (const [index, policy] of policies.entries())
    for (const spec of smallerValues(policy.spec))
      yield policies.map((each, at) =>
        at === index ? { ...each, spec: spec as Json } : each,
      );
}

/** Without one workload, and the calls that still can be made, unless a waypoint runs on it. */
function withoutWorkload(
  world: World,
  calls: readonly WorldCall[],
  index: number,
): { world: World; calls: WorldCall[] } {
  const shifted = (end: number) => (end > index ? end - 1 : end);
  return {
    world: {
      ...world,
      workloads: world.workloads.filter((_, each) => each !== index),
      waypoints: world.waypoints.map(each => ({
        ...each,
        workload: shifted(each.workload),
      })),
    },
    calls: calls
      .filter(({ from, to }) => from !== index && to !== index)
      .map(call => ({
        ...call,
        to: shifted(call.to),
        from: typeof call.from === 'number' ? shifted(call.from) : call.from,
      })),
  };
}

/** Worlds with something left out, and the calls in them: calls, workloads, policies, parts of policies. */
export function* smallerWorlds<
  T extends { world: World; calls: readonly WorldCall[] },
>({
  world,
  calls,
}: T): Generator<{ world: World; calls: readonly WorldCall[] }> {
  if (calls.length > 1) {
    const half = Math.ceil(calls.length / 2);
    yield { world, calls: calls.slice(0, half) };
    yield { world, calls: calls.slice(half) };
    return;
  }
  for (const index of world.workloads.keys()) {
    const isWaypoint = world.waypoints.some(
      ({ workload }) => workload === index,
    );
    if (isWaypoint) continue;
    const less = withoutWorkload(world, calls, index);
    if (less.calls.length > 0) yield less;
  }
  for (const policies of smallerPolicies(world.policies))
    yield { world: { ...world, policies }, calls };
}
