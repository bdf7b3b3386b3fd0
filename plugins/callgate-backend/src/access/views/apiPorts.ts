import {
  chooseApiPort,
  PORT_ANNOTATION,
  servicesOf,
  type CatalogEntity,
} from '@callgate/policy';
import type { ApiPort } from '@callgate/plugin-callgate-common';
import type { AccessFacts, BoundWorkload } from './AccessFacts';

/** The port of the provider's workload on which an API is served, or `undefined` where that is not clear. */
export function workloadPortOf(
  facts: AccessFacts,
  api: CatalogEntity | undefined,
  { cluster, workload }: BoundWorkload,
): number | undefined {
  const found = facts.snapshot.clusters.find(({ name }) => name === cluster);
  const choice =
    found &&
    chooseApiPort(
      found,
      [workload],
      api?.metadata.annotations?.[PORT_ANNOTATION],
    );
  return choice && 'ports' in choice
    ? choice.ports.get(workload.id)?.port
    : undefined;
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
