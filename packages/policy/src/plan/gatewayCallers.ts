import { Cluster, Workload } from '../estate/types';

/** The workloads whose pods are a gateway's proxies in one cluster. */
export function gatewayWorkloads(cluster: Cluster, id: string): Workload[] {
  const ids = new Set(
    cluster.gateways
      .filter(gateway => gateway.id === id)
      .map(({ workload }) => workload),
  );
  return cluster.workloads.filter(workload => ids.has(workload.id));
}
