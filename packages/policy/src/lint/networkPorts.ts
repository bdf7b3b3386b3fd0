import { Cluster, Protocol, Workload } from '../estate/types';
import { servicesOf, targetPort } from '../estate/serviceLookup';
import { namedPorts } from '../evaluate/networkpolicy/KernelIndex';
import { Finding } from '../findings';
import { Check } from './LintContext';
import { NetworkRule, destinationsOf, networkRules } from './networkRules';
import { few, notice } from './notice';

/** Where the port leads when it is one of a Service and none of the pods'. */
export function mistakenServicePort(
  cluster: Cluster,
  workload: Workload,
  port: number,
  protocol: Protocol,
): { service: string; target: number } | undefined {
  const isOwn = workload.containerPorts.some(
    each => each.port === port && each.protocol === protocol,
  );
  if (isOwn) return undefined;
  const ports = servicesOf(cluster, workload).flatMap(service =>
    service.ports
      .filter(each => each.protocol === protocol)
      .map(each => ({
        service: service.id,
        port: each.port,
        target: targetPort(each, workload),
      })),
  );
  if (ports.some(({ target }) => target === port)) return undefined;
  const found = ports.find(each => each.port === port);
  return found?.target === undefined
    ? undefined
    : { service: found.service, target: found.target };
}

/** The one answer that all workloads give, where all give one. */
export function mistakenAtAll(
  cluster: Cluster,
  workloads: readonly Workload[],
  port: number,
  protocol: Protocol,
): { services: string[]; target?: number } | undefined {
  const found: NonNullable<ReturnType<typeof mistakenServicePort>>[] = [];
  for (const workload of workloads) {
    const mistake = mistakenServicePort(cluster, workload, port, protocol);
    if (!mistake) return undefined;
    found.push(mistake);
  }
  if (found.length === 0) return undefined;
  const targets = new Set(found.map(({ target }) => target));
  return {
    services: [...new Set(found.map(({ service }) => service))].sort(),
    ...(targets.size === 1 ? { target: [...targets][0] } : {}),
  };
}

function lookAtPorts(
  rule: NetworkRule,
  destinations: readonly Workload[],
  cluster: Cluster,
): Finding[] {
  const { manifest } = rule.policy;
  return (rule.spec.ports ?? []).flatMap(({ name, from, to, protocol }, at) => {
    const path = [...rule.path, 'ports', at, 'port'];
    if (name !== undefined) {
      const known = destinations.some(
        each => namedPorts(each, name, protocol).length > 0,
      );
      return known
        ? []
        : [
            notice('named-port-unresolved', {
              manifest,
              path,
              text: `is "${name}" over ${protocol}, which is no port of ${few(
                destinations.map(({ id }) => id),
              )}: the rule opens nothing there.`,
              others: destinations.map(({ id }) => id),
            }),
          ];
    }
    if (from === undefined || from !== to) return [];
    const mistaken = mistakenAtAll(cluster, destinations, from, protocol);
    if (!mistaken) return [];
    const { services, target } = mistaken;
    return [
      notice('service-port-in-policy', {
        manifest,
        path,
        text: `is ${from}, a port of Service ${few(services)}; ${
          target === undefined
            ? 'its pods listen elsewhere'
            : `its pods listen on ${target}`
        }.`,
        others: services.map(id => `Service ${id}`),
        ...(target === undefined
          ? {}
          : { change: [{ op: 'replace', path, value: target }] }),
      }),
    ];
  });
}

/** Ports of network policies: omitted (docs/semantics.md, P6), of a Service instead of the pods (P1), or of nobody (4.9). */
export const networkPorts: Check = context => {
  const findings: Finding[] = [];
  for (const rule of networkRules(context)) {
    const { policy, spec, path, field } = rule;
    if (spec.peers && spec.peers.length > 0 && !spec.ports) {
      findings.push(
        notice('all-ports', {
          manifest: policy.manifest,
          path,
          text: `has ${field} and no ports: every port and protocol is open to what it names.`,
        }),
      );
    }
    const destinations = destinationsOf(rule, context);
    if (destinations && destinations.length > 0)
      findings.push(...lookAtPorts(rule, destinations, context.cluster));
  }
  return findings;
};
