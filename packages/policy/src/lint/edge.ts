import { Workload } from '../estate/types';
import { isGateway } from '../evaluate/istio/gateway';
import { LintContext } from './LintContext';

/** Pods of gateways by which calls come into the mesh, or leave it. */
export function edgeOf({ cluster }: LintContext): Workload[] {
  return cluster.workloads.filter(each => isGateway(cluster, each));
}
