import { PodLabels, matchLabels } from './podLabels';
import { Cluster, Labels, Service, ServicePort, Workload } from './types';

/** Pods that labels tell apart may all be behind a Service, or some of them. */
function matches(selector: Labels, pods: PodLabels): boolean {
  return matchLabels(selector, pods) !== 'no';
}

/** Services by namespace, made once for all clusters that have these. */
const servicesByNamespace = new WeakMap<
  Cluster['services'],
  Map<string, Service[]>
>();

function servicesIn(cluster: Cluster, namespace: string): readonly Service[] {
  let index = servicesByNamespace.get(cluster.services);
  if (!index) {
    index = new Map();
    for (const service of cluster.services) {
      const list = index.get(service.namespace);
      if (list) list.push(service);
      else index.set(service.namespace, [service]);
    }
    servicesByNamespace.set(cluster.services, index);
  }
  return index.get(namespace) ?? [];
}

/** Workloads by namespace, made once for all clusters that have these. */
const workloadsByNamespace = new WeakMap<
  Cluster['workloads'],
  Map<string, Workload[]>
>();

/** Workloads of one namespace, those on hosts among them. */
export function workloadsIn(
  cluster: Cluster,
  namespace: string,
): readonly Workload[] {
  let index = workloadsByNamespace.get(cluster.workloads);
  if (!index) {
    index = new Map();
    for (const workload of cluster.workloads) {
      const list = index.get(workload.namespace);
      if (list) list.push(workload);
      else index.set(workload.namespace, [workload]);
    }
    workloadsByNamespace.set(cluster.workloads, index);
  }
  return index.get(namespace) ?? [];
}

/**
 * Services whose selector matches the workload's pods, or some of them.
 *
 * @public
 */
export function servicesOf(cluster: Cluster, workload: Workload): Service[] {
  return servicesIn(cluster, workload.namespace).filter(
    service =>
      service.selector !== undefined && matches(service.selector, workload),
  );
}

/**
 * Workloads whose pods a Service selects.
 *
 * @public
 */
export function workloadsOf(cluster: Cluster, service: Service): Workload[] {
  const { selector } = service;
  if (!selector) return [];
  return workloadsIn(cluster, service.namespace).filter(workload =>
    matches(selector, workload),
  );
}

/**
 * The port of the workload's pods that a port of a Service leads to.
 * `undefined` when the name of its target is no container port with the same
 * protocol: such pods take no traffic on it.
 *
 * @public
 */
export function targetPort(
  port: ServicePort,
  workload: Workload,
): number | undefined {
  // Ports of an entry are named for the ports of Services, and go before what these say (Istio, WorkloadEntry `ports`).
  const own =
    workload.runsOn === 'host' && port.name !== undefined
      ? workload.containerPorts.find(({ name }) => name === port.name)
      : undefined;
  if (own) return own.port;
  if (typeof port.targetPort === 'number') return port.targetPort;
  const named = workload.containerPorts.find(
    container =>
      container.name === port.targetPort &&
      container.protocol === port.protocol,
  );
  return named?.port;
}

/** True when calls to the Service are calls to the addresses of its pods, or to none of them. */
export function isHeadlessOrExternal(service: Service): boolean {
  return (
    service.headless ||
    service.type === 'ExternalName' ||
    service.type === 'ServiceEntry'
  );
}

/**
 * May what comes from outside through the Service arrive with a node's address?
 * So Kubernetes' proxies send what they pass on to pods of other nodes, unless the
 * Service keeps to the node that was called (`externalTrafficPolicy: Local`).
 */
export function hidesSource({ type, externalTrafficPolicy }: Service): boolean {
  return (
    (type === 'NodePort' || type === 'LoadBalancer') &&
    externalTrafficPolicy === 'Cluster'
  );
}
