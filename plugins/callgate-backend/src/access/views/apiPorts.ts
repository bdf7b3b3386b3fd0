import { servicesOf, type Protocol } from '@callgate/policy';
import type { ApiPort } from '@callgate/plugin-callgate-common';
import type { AccessFacts, BoundWorkload } from './AccessFacts';

/** A port of a workload. */
export interface WorkloadPort {
  protocol: Protocol;
  port: number;
}

/**
 * The port of the provider's workload on which an API is served, or the one that is asked about, with its protocol;
 * `undefined` where it is not clear which.
 */
export function workloadPortOf(
  facts: AccessFacts,
  apiRef: string,
  { cluster, workload }: BoundWorkload,
  asked?: number,
): WorkloadPort | undefined {
  const found = facts
    .workloadsOfApi(apiRef)
    .find(each => each.cluster === cluster && each.workload === workload.id);
  if (asked === undefined) return found?.own;
  const known = [...(found?.own ? [found.own] : []), ...(found?.ports ?? [])];
  return (
    known.find(({ port }) => port === asked) ?? { protocol: 'TCP', port: asked }
  );
}

/** Ports of the Services that lead to an API's providers: what callers know. */
export function apiPorts(
  facts: AccessFacts,
  providers: readonly BoundWorkload[],
): ApiPort[] {
  const ports = new Map<string, ApiPort>();
  for (const { cluster, workload } of providers) {
    const found = facts.snapshot.clusters.find(({ name }) => name === cluster);
    for (const service of found ? servicesOf(found, workload) : []) {
      for (const { port, name, protocol } of service.ports) {
        ports.set(`${protocol} ${port}`, {
          port,
          protocol,
          ...(name && { name }),
        });
      }
    }
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}
