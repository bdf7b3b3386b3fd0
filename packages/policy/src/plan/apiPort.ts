import { targetPort } from '../estate';
import { Cluster, Protocol, Workload } from '../estate/types';
import { formatWay, portsBehindServices, WorkloadPort } from './workloadPorts';
import {
  detail,
  details,
  said,
  workload as workloadName,
  workloads as workloadNames,
  type Words,
} from '../words';

/**
 * The annotation by which an API names the Service port that serves it.
 *
 * @public
 */
export const PORT_ANNOTATION = 'callgate.dev/port';

/**
 * The port of each workload, or why it cannot be decided. `objects` are the workloads concerned.
 *
 * @public
 */
export type PortChoice =
  | { ports: Map<string, WorkloadPort> }
  | {
      problem: 'port-ambiguous' | 'port-not-found' | 'binding-ambiguous';
      message: Words;
      objects: string[];
    };

function named(ports: WorkloadPort[], name: string): WorkloadPort[] {
  return ports.filter(({ ways }) =>
    ways.some(({ port }) => port.name === name || String(port.port) === name),
  );
}

/** The port that a workload without a Service of its own would take over from one that has one (blue/green). */
function adopted(
  workload: Workload,
  model: WorkloadPort,
): WorkloadPort | undefined {
  for (const way of model.ways) {
    const port = targetPort(way.port, workload);
    const declares = workload.containerPorts.some(
      container =>
        container.port === port && container.protocol === model.protocol,
    );
    if (port !== undefined && declares)
      return { protocol: model.protocol, port, ways: [] };
  }
  return undefined;
}

/**
 * Decides on which port the workloads of one provider in one cluster serve an API: the Service port that the annotation
 * `callgate.dev/port` names, else the only one there is. Numbers are those of the pods, resolved for each workload.
 *
 * @public
 */
export function chooseApiPort(
  cluster: Cluster,
  workloads: readonly Workload[],
  annotation: string | undefined,
): PortChoice {
  const ports = new Map<string, WorkloadPort>();
  const without: Workload[] = [];
  for (const workload of workloads) {
    const all = portsBehindServices(cluster, workload);
    const fitting = annotation === undefined ? all : named(all, annotation);
    if (fitting.length > 1)
      return {
        problem: 'port-ambiguous',
        message: said`${workloadName(workload.id)} has several ports: ${details(
          fitting.flatMap(({ ways }) => ways.map(formatWay)),
          ['one', 'of its Services'],
        )}`,
        objects: [workload.id],
      };
    if (fitting.length === 1) ports.set(workload.id, fitting[0]);
    else without.push(workload);
  }
  const ids = workloads.map(({ id }) => id);
  if (ports.size === 0) {
    const choices = workloads.flatMap(workload =>
      portsBehindServices(cluster, workload).flatMap(({ ways }) =>
        ways.map(formatWay),
      ),
    );
    const offered = [...new Set(choices)].join(', ') || 'none';
    const what = annotation === undefined ? '' : ` ${annotation}`;
    return {
      problem: 'port-not-found',
      message: said`No Service port${what} leads to ${workloadNames(
        ids,
      )}${detail(`; those that do: ${offered}`, '')}`,
      objects: ids,
    };
  }
  const models = [...ports.values()];
  const stray: string[] = [];
  for (const workload of without) {
    const port = models
      .map(model => adopted(workload, model))
      .find(found => found !== undefined);
    if (port) ports.set(workload.id, port);
    else stray.push(workload.id);
  }
  if (stray.length > 0)
    return {
      problem: 'binding-ambiguous',
      message: said`Of the workloads of one entity some serve the API${detail(
        ` (${[...ports.keys()].join(', ')})`,
        '',
      )} and some do not${detail(` (${stray.join(', ')})`, '')}`,
      objects: [...stray, ...ports.keys()],
    };
  return { ports };
}

/**
 * The port of one workload that a `tcp`, `udp` or `sctp` operation names: by the number of a Service port, or, where no Service has
 * it, by the number of a container port.
 */
export function findNumberedPort(
  cluster: Cluster,
  workload: Workload,
  protocol: Protocol,
  number: number,
): WorkloadPort | 'ambiguous' | undefined {
  const behind = portsBehindServices(cluster, workload).filter(
    port =>
      port.protocol === protocol &&
      port.ways.some(way => way.port.port === number),
  );
  if (behind.length > 1) return 'ambiguous';
  if (behind.length === 1) return behind[0];
  const own = workload.containerPorts.some(
    container => container.port === number && container.protocol === protocol,
  );
  if (!own) return undefined;
  const known = portsBehindServices(cluster, workload).find(
    port => port.protocol === protocol && port.port === number,
  );
  return known ?? { protocol, port: number, ways: [] };
}
