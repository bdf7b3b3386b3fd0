import type { Cluster, Protocol, Workload } from '../estate/types';
import { chooseApiPort, PORT_ANNOTATION } from '../plan/apiPort';
import type { Edge } from '../plan/types';
import { portsBehindServices } from '../plan/workloadPorts';
import type { CatalogEntity } from '../model/types';
import { RequestSet } from '../requestset/RequestSet';

/** Ports of a workload that are an API's. */
export interface ApiPorts {
  /** Empty where the workload declares none: then every port counts. */
  ports: readonly { protocol: Protocol; port: number }[];
  /** The port on which the API is served, where that is clear. */
  own?: { protocol: Protocol; port: number };
  requests: RequestSet;
}

/**
 * The ports of one workload that count for an API, whatever their protocol: the one on which it is served, and those that
 * its grants name. Where it is not clear which one that is, each port of the workload counts.
 *
 * @param workloads - all of the provider's in the cluster
 */
export function apiPortsOf(options: {
  cluster: Cluster;
  workload: Workload;
  workloads: readonly Workload[];
  api: CatalogEntity | undefined;
  edges: readonly Edge[];
}): ApiPorts {
  const { cluster, workload, workloads, api, edges } = options;
  const choice = chooseApiPort(
    cluster,
    workloads,
    api?.metadata.annotations?.[PORT_ANNOTATION],
  );
  const own = 'ports' in choice ? choice.ports.get(workload.id) : undefined;
  const granted = edges
    .filter(({ to }) => to.id === workload.id)
    .map(({ protocol, port }) => ({ protocol, port }));
  const found = own
    ? [{ protocol: own.protocol, port: own.port }, ...granted]
    : [
        ...portsBehindServices(cluster, workload),
        ...workload.containerPorts,
        ...granted,
      ];
  const ports = [
    ...new Map(
      found.map(({ protocol, port }) => [
        `${protocol} ${port}`,
        { protocol, port },
      ]),
    ).values(),
  ].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
  return {
    ports,
    ...(own && { own: { protocol: own.protocol, port: own.port } }),
    requests:
      ports.length === 0
        ? RequestSet.all
        : RequestSet.unionOf(
            ports.map(({ protocol, port }) =>
              RequestSet.of({ protocol, ports: [port] }),
            ),
          ),
  };
}
