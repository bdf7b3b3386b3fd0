import {
  hidesSource,
  servicesOf,
  targetPort,
} from '../../estate/serviceLookup';
import { Protocol } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { CallOptions } from '../CallOptions';
import { AddressParty, Party, WorkloadParty, addressesOf } from '../party';
import { Condition } from '../types';

/** Calls from outside that may arrive with the address of a node instead of the caller's. */
export interface HiddenSource {
  /** A node in the caller's place. */
  node: AddressParty;
  ports: readonly { protocol: Protocol; port: number }[];
  condition: Condition;
}

/**
 * Ports of a provider that Services offer to the outside without keeping the
 * caller's address: which of the two a policy sees depends on the node that is
 * called and the way of the load balancer (kubernetes.io, Using Source IP:
 * `externalTrafficPolicy: Cluster` translates it).
 */
export function hiddenSource(
  from: Party,
  to: WorkloadParty,
  { via }: CallOptions,
): HiddenSource | undefined {
  if (from.kind !== 'address' || via === 'pod') return undefined;
  const { cluster, workload } = to;
  const services = servicesOf(cluster, workload).filter(
    service => hidesSource(service) && (!via || via.service === service),
  );
  const ports = services.flatMap(service =>
    service.ports
      .filter(each => !via || via.port === each)
      .flatMap(each => {
        const port = targetPort(each, workload);
        return port === undefined ? [] : [{ protocol: each.protocol, port }];
      }),
  );
  if (ports.length === 0) return undefined;
  // What is a node itself arrives as one either way.
  const nodes = addressesOf(cluster, true);
  if (
    nodes.covers(from.addresses) &&
    cluster.profile.network.nodeCidrs.length > 0
  )
    return undefined;
  const names = services.map(({ id }) => `Service ${id}`).join(', ');
  return {
    node: {
      kind: 'address',
      text: `a node that ${from.text} calls`,
      addresses: nodes,
    },
    ports,
    condition: {
      kind: 'source-hidden',
      text: `${names} may pass on what ${from.text} sends with the address of a node: policies see one or the other. With externalTrafficPolicy: Local it keeps its own.`,
      object: `Service ${services[0].id}`,
    },
  };
}

/** All that may be sent on these ports. */
export function onPorts(ports: HiddenSource['ports']): RequestSet {
  return ports
    .map(({ protocol, port }) => RequestSet.of({ protocol, ports: [port] }))
    .reduce((a, b) => a.union(b), RequestSet.empty);
}
