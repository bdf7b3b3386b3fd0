import { Bounds } from '../evaluate/networkpolicy/kernel';
import { Party, WorkloadParty } from '../evaluate/party';
import { uniqueConditions } from '../evaluate/tri';
import { PairBounds, World } from '../evaluate/World';
import { EffectiveAccess } from './types';

function publicBounds({ sure, possible }: Bounds) {
  return { sure, possible };
}

function toEffective(bounds: PairBounds): EffectiveAccess {
  const { kernel, identity, method } = bounds.layers;
  return {
    sure: bounds.sure,
    possible: bounds.possible,
    conditions: bounds.sure.equals(bounds.possible)
      ? []
      : uniqueConditions(bounds.conditions),
    layers: {
      kernel: publicBounds(kernel),
      identity: publicBounds(identity),
      method: publicBounds(method),
    },
  };
}

function partyOf(world: World, name: string): Party {
  const party = world.resolve(name);
  if (!party)
    throw new Error(
      `${name} is neither a workload of this world nor an address`,
    );
  return party;
}

/**
 * What one end may send to the other, computed as sets, never by sampling.
 * `from` and `to` are workload ids (with `cluster:` in a world of several
 * clusters), addresses or CIDRs.
 *
 * @throws Error when an end is neither in the world nor an address.
 * @public
 */
export function effectiveAccess(
  world: World,
  from: string,
  to: string,
): EffectiveAccess {
  return toEffective(
    world.pairBounds(partyOf(world, from), partyOf(world, to)),
  );
}

/**
 * Workloads that may reach one, by name, in the world's order. Workloads that
 * surely may not are absent; so is a workload of one pod itself.
 *
 * @throws Error when the workload is not in the world.
 * @public
 */
export function effectiveAccessTo(
  world: World,
  to: string,
): ReadonlyMap<string, EffectiveAccess> {
  const party = partyOf(world, to);
  const found = new Map<string, EffectiveAccess>();
  if (party.kind === 'address') return found;
  for (const [name, from] of candidates(world, party)) {
    const bounds = world.pairBounds(from, party);
    if (!bounds.possible.isEmpty) found.set(name, toEffective(bounds));
  }
  return found;
}

/**
 * Workloads that may reach one as far as its own ingress policies can tell,
 * without looking at each: those of the rules' peers.
 */
export function candidates(
  world: World,
  to: WorkloadParty,
): Iterable<readonly [string, WorkloadParty]> {
  const names = world.partyNames;
  const isSelf = (from: WorkloadParty) =>
    from.workload === to.workload && to.workload.replicas === 'one';
  const peers = world.of(to.cluster).kernelPeers('ingress', to);
  if (!peers || world.clusters.length > 1)
    return [...names].filter(([, from]) => !isSelf(from));
  const all = [...peers].sort((a, b) => a - b).map(index => names[index]);
  return all.filter(([, from]) => !isSelf(from));
}
