import { Cluster, Workload } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { parseCidr } from '../net/cidr';
import { Tri, NO, YES, maybe } from './tri';

/** A workload as one end of a call. */
export interface WorkloadParty {
  kind: 'workload';
  /** Its place in `cluster.workloads`. */
  index: number;
  workload: Workload;
  cluster: Cluster;
}

/** Addresses outside the estate as one end of a call. */
export interface AddressParty {
  kind: 'address';
  text: string;
  addresses: AddressSet;
}

export type Party = WorkloadParty | AddressParty;

/** Reads an address or CIDR. */
export function addressParty(text: string): AddressParty | undefined {
  const range = parseCidr(text);
  return range
    ? { kind: 'address', text, addresses: AddressSet.of([range]) }
    : undefined;
}

const families = new WeakMap<Cluster, AddressSet>();

/**
 * Where an address that the profile does not narrow down may lie: anywhere in
 * IPv4, and in IPv6 too when Services of the cluster show that it has it
 * (single-stack IPv4 is what Kubernetes makes by default).
 */
function anyAddress(cluster: Cluster): AddressSet {
  let known = families.get(cluster);
  if (!known) {
    const hasV6 = cluster.objects.some(({ object }) => {
      if (object.kind !== 'Service') return false;
      const spec = object.spec as
        | { ipFamilies?: unknown; clusterIP?: unknown }
        | undefined;
      const listed =
        Array.isArray(spec?.ipFamilies) && spec.ipFamilies.includes('IPv6');
      return (
        listed ||
        (typeof spec?.clusterIP === 'string' && spec.clusterIP.includes(':'))
      );
    });
    known = hasV6 ? AddressSet.everything : AddressSet.everyV4;
    families.set(cluster, known);
  }
  return known;
}

/** Where an address lies that packets have and nothing is called by: link-local, and Istio's own in IPv6. */
const MADE_UP = AddressSet.ofCidrs([
  '169.254.0.0/16',
  'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128',
]);

/** Any address but the one that Istio's CNI gives the kubelet's probes: neither pods nor nodes have it (docs/semantics.md, N10). */
function anyOwnAddress(cluster: Cluster): AddressSet {
  const probes = AddressSet.ofCidrs(
    cluster.profile.probes.flatMap(({ cidrs }) => cidrs ?? []),
  );
  return anyAddress(cluster).subtract(probes.intersect(MADE_UP));
}

const memo = new WeakMap<Cluster, { pods: AddressSet; nodes: AddressSet }>();

/** Addresses that pods, or host-network pods, of a cluster may have. */
export function addressesOf(
  cluster: Cluster,
  hostNetwork: boolean,
): AddressSet {
  let known = memo.get(cluster);
  if (!known) {
    const { podCidrs, nodeCidrs } = cluster.profile.network;
    known = {
      pods:
        podCidrs.length > 0
          ? AddressSet.ofCidrs(podCidrs)
          : anyOwnAddress(cluster),
      nodes:
        nodeCidrs.length > 0
          ? AddressSet.ofCidrs(nodeCidrs)
          : anyOwnAddress(cluster),
    };
    memo.set(cluster, known);
  }
  return hostNetwork ? known.nodes : known.pods;
}

/** Addresses that a party may call from, or be called at. */
function possibleAddresses(party: Party): AddressSet {
  if (party.kind === 'address') return party.addresses;
  const { runsOn, addresses, hostNetwork } = party.workload;
  if (runsOn === 'pods') return addressesOf(party.cluster, hostNetwork);
  const known = AddressSet.ofCidrs(addresses ?? []);
  // An entry that gives a name only may be anywhere.
  return known.isEmpty ? AddressSet.everything : known;
}

/**
 * Is the party's address in the block? Manifests carry no pod addresses: one
 * is a variable over the pod CIDRs (docs/semantics.md, 4.9).
 */
export function addressIn(
  block: AddressSet,
  party: Party,
  object: string,
): Tri {
  const possible = possibleAddresses(party);
  if (block.isEmpty || !block.overlaps(possible)) return NO;
  if (block.covers(possible)) return YES;
  const who = party.kind === 'address' ? party.text : party.workload.id;
  const text =
    party.kind === 'address'
      ? `Only some addresses of ${who} are in the block that ${object} names.`
      : `The address of ${who} is not known: it may or may not be in the block that ${object} names.`;
  return maybe({ kind: 'pod-address-unknown', text, object });
}

/** How a party is written in texts. */
export function nameOf(party: Party): string {
  return party.kind === 'address' ? party.text : party.workload.id;
}
