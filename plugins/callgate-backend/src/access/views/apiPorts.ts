import { servicesOf, type Protocol } from '@callgate/policy';
import type { ApiPort } from '@callgate/plugin-callgate-common';
import type { AccessFacts, BoundWorkload } from './AccessFacts';

/** A port of a workload. */
export interface WorkloadPort {
  protocol: Protocol;
  port: number;
}

/** Why it is not clear which port a call goes to. */
export type PortUnclear =
  /** Nothing says on which port the API is served. */
  | { unclear: 'port' }
  /** The port has several protocols, or none that anything declares. */
  | { unclear: 'protocol'; port: number; declared: readonly Protocol[] };

/**
 * The port of the provider's workload on which an API is served, or the one that is asked about, with its protocol. What is not
 * said is not guessed: a port without a protocol has the one that is declared for it, where there is one.
 */
export function workloadPortOf(
  facts: AccessFacts,
  apiRef: string,
  { cluster, workload }: BoundWorkload,
  asked: { port?: number; protocol?: Protocol } = {},
): WorkloadPort | PortUnclear {
  const found = facts
    .workloadsOfApi(apiRef)
    .find(each => each.cluster === cluster && each.workload === workload.id);
  const known = [...(found?.own ? [found.own] : []), ...(found?.ports ?? [])];
  const { port, protocol } = asked;
  if (port === undefined) {
    const own = protocol
      ? known.find(each => each.protocol === protocol)
      : found?.own;
    return own ?? { unclear: 'port' };
  }
  if (protocol !== undefined) return { port, protocol };
  const declared = [
    ...new Set(
      known.filter(each => each.port === port).map(each => each.protocol),
    ),
  ];
  return declared.length === 1
    ? { port, protocol: declared[0] }
    : { unclear: 'protocol', port, declared };
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
