import { Workload, Cluster } from '../estate/types';
import { GrantOperation } from '../model/types';
import { chooseApiPort, findNumberedPort, PortChoice } from './apiPort';
import { Report } from './Report';
import { ResolvedOperation } from './resolveOperation';
import { AddressEnd, EdgeEnd, HttpAccess } from './types';
import { WorkloadPort } from './workloadPorts';
import { said, workload as workloadName } from '../words';

/** Everything that one grant opens on one port of one workload. */
export interface PortAccess {
  port: WorkloadPort;
  labels: string[];
  granted: GrantOperation[];
  /** absent: everything */
  http?: HttpAccess[];
}

/** One provider in one cluster. */
export interface Target {
  provider: string;
  cluster: Cluster;
  workloads: Workload[];
  apiPort: PortChoice;
  /** a provider outside the cluster, with the port that `callgate.dev/port` names */
  host?: { end: AddressEnd | EdgeEnd; port?: number };
}

/** A provider's workloads in one cluster with the port they serve the API on. */
export function makeTarget(
  provider: string,
  cluster: Cluster,
  workloads: Workload[],
  portAnnotation: string | undefined,
): Target {
  return {
    provider,
    cluster,
    workloads,
    apiPort: chooseApiPort(cluster, workloads, portAnnotation),
  };
}

function portOf(
  target: Target,
  workload: Workload,
  operation: ResolvedOperation,
  report: Report,
): WorkloadPort | undefined {
  if (operation.port === 'api') {
    const { apiPort } = target;
    if ('problem' in apiPort) {
      report.add(apiPort.problem, apiPort.message, apiPort.objects);
      return undefined;
    }
    return apiPort.ports.get(workload.id);
  }
  const { protocol, number } = operation.port;
  const found = findNumberedPort(target.cluster, workload, protocol, number);
  if (found === 'ambiguous') {
    report.add(
      'port-ambiguous',
      said`${protocol} ${number} of ${workloadName(
        workload.id,
      )} leads to several of its ports, by different Services`,
      [workload.id],
    );
    return undefined;
  }
  if (found === undefined)
    report.add(
      'port-not-found',
      said`${workloadName(workload.id)} has no port ${protocol} ${number}`,
      [workload.id],
    );
  return found;
}

/**
 * Sorts the operations of a grant by the port of the workload they arrive on. An operation that covers a whole port takes in
 * the others on it.
 */
export function accessByPort(
  target: Target,
  workload: Workload,
  operations: readonly ResolvedOperation[],
  report: Report,
): PortAccess[] {
  const ports = new Map<string, PortAccess>();
  for (const operation of operations) {
    const port = portOf(target, workload, operation, report);
    if (!port) continue;
    const key = `${port.protocol} ${port.port}`;
    const known = ports.get(key);
    const whole =
      operation.http === undefined ||
      (known !== undefined && known.http === undefined);
    ports.set(key, {
      port: known?.port ?? port,
      labels: [...(known?.labels ?? []), operation.label],
      granted: [...(known?.granted ?? []), operation.granted],
      ...(!whole && {
        http: [...(known?.http ?? []), operation.http as HttpAccess],
      }),
    });
  }
  return [...ports.values()];
}
