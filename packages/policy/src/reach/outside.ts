import { AddressParty, Party } from '../evaluate/party';
import { World } from '../evaluate/World';
import { hostAddresses } from '../estate/hostAddresses';
import { AddressSet } from '../net/AddressSet';

/** More classes than this are not told apart: the rest is one class of unknown access. */
const MOST_CLASSES = 512;

/** Addresses that no policy can tell apart, as one end of calls. */
export interface OutsideClass {
  party: AddressParty;
  cidrs: string[];
}

function blocksOf(
  worlds: readonly World[],
  subjects: ReadonlySet<string> | undefined,
): AddressSet[] {
  const found = new Map<string, AddressSet>();
  for (const world of worlds) {
    const parties =
      subjects && [...subjects].flatMap(name => world.parties.get(name) ?? []);
    for (const cluster of world.clusters) {
      const here = parties?.filter(
        party => party.cluster.name === cluster.name,
      );
      for (const block of world.of(cluster).blocks(here))
        found.set(block.toCidrs().join(), block);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, block]) => block);
}

function ownAddresses(worlds: readonly World[]): AddressSet {
  const cidrs = worlds
    .flatMap(world => world.clusters)
    .flatMap(({ profile }) => [
      ...profile.network.podCidrs,
      ...profile.network.nodeCidrs,
      ...profile.network.serviceCidrs,
    ]);
  const onHosts = worlds
    .flatMap(world => world.clusters)
    .flatMap(hostAddresses);
  return AddressSet.ofCidrs([...cidrs, ...onHosts]);
}

function partyOf(addresses: AddressSet): AddressParty {
  return {
    kind: 'address',
    text: addresses.toCidrs().slice(0, 3).join(', '),
    addresses,
  };
}

/**
 * Cuts the addresses outside the estate along the blocks that policies name,
 * and puts together again what all workloads treat alike.
 *
 * @param signature - how the workloads in question treat addresses
 * @param subjects - names of these workloads; all of the worlds if left out
 */
export function outsideClasses(
  worlds: readonly World[],
  signature: (party: Party) => string,
  subjects?: ReadonlySet<string>,
): OutsideClass[] {
  let parts = [AddressSet.everything.subtract(ownAddresses(worlds))];
  for (const block of blocksOf(worlds, subjects)) {
    if (parts.length >= MOST_CLASSES) break;
    parts = parts
      .flatMap(part => [part.intersect(block), part.subtract(block)])
      .filter(part => !part.isEmpty);
  }
  // One part stands for its class: a policy that names the parts one by one says nothing of their union.
  const classes = new Map<string, { party: AddressParty; all: AddressSet }>();
  for (const part of parts) {
    if (part.isEmpty) continue;
    const party = partyOf(part);
    const key = signature(party);
    const known = classes.get(key);
    classes.set(
      key,
      known
        ? { party: known.party, all: known.all.union(part) }
        : { party, all: part },
    );
  }
  return [...classes.values()].map(({ party, all }) => ({
    party,
    cidrs: all.toCidrs(),
  }));
}
