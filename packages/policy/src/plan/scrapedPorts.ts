import { servicesOf, targetPort } from '../estate';
import { Cluster, Labels, Workload } from '../estate/types';

const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';

/** Where a sidecar answers for the application as well, unless the pod says `merge-metrics: "false"` (Istio, injector). */
const MERGED = 15020;

function statedPort(annotations: Labels): number | undefined {
  const text = annotations[PORT] ?? '';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

/**
 * TCP ports of the pods that annotations ask Prometheus to scrape, each with
 * whose annotations say so, as the scrape configurations for pods and for
 * endpoints in Prometheus' own example read them: the port annotation, or every
 * port of the pods, or of the endpoints behind the Service. Kubernetes gives
 * these annotations no meaning, so they open nothing: they tell who is cut.
 */
export function scrapedPorts(
  cluster: Cluster,
  workload: Workload,
): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const add = (port: number | undefined, by: string) => {
    if (port === undefined) return;
    const known = found.get(port) ?? [];
    if (!known.includes(by)) found.set(port, [...known, by]);
  };
  const { annotations } = workload;
  if (annotations[SCRAPE] === 'true') {
    const merges =
      workload.mesh === 'sidecar' &&
      annotations['prometheus.istio.io/merge-metrics'] !== 'false';
    const stated = merges ? MERGED : statedPort(annotations);
    const ports =
      stated === undefined
        ? workload.containerPorts
            .filter(({ protocol }) => protocol === 'TCP')
            .map(({ port }) => port)
        : [stated];
    ports.forEach(port => add(port, 'its pods'));
  }
  for (const service of servicesOf(cluster, workload)) {
    if (service.annotations[SCRAPE] !== 'true') continue;
    const stated = statedPort(service.annotations);
    const ports =
      stated === undefined
        ? service.ports
            .filter(({ protocol }) => protocol === 'TCP')
            .map(port => targetPort(port, workload))
        : [stated];
    ports.forEach(port => add(port, `Service ${service.id}`));
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}
