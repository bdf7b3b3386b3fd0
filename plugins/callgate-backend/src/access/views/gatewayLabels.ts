import {
  type GatewayExposure,
  gatewayExposure,
  parseCallerRef,
  widestOf,
} from '@callgate/policy';
import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { LabelOf } from './Labels';

/** Labels that say of a gateway from where it takes calls: whoever is let in there is everyone behind it. */
export function withGateways(facts: AccessFacts, labelOf: LabelOf): LabelOf {
  return ref => {
    const label = labelOf(ref);
    const gateway =
      label.state === 'hidden' ? undefined : exposureOf(facts, ref);
    return gateway ? { ...label, gateway } : label;
  };
}

function exposureOf(
  facts: AccessFacts,
  ref: string,
): EntityLabel['gateway'] | undefined {
  const found = exposuresOf(facts, ref);
  return found.length > 0 ? { takesFrom: widestOf(found) } : undefined;
}

function exposuresOf(facts: AccessFacts, ref: string): GatewayExposure[] {
  const { clusters } = facts.snapshot;
  const caller = parseCallerRef(ref, 'default');
  if (caller?.kind === 'gateway') {
    const id = `${caller.namespace}/${caller.name}`;
    return clusters.flatMap(cluster =>
      cluster.gateways
        .filter(gateway => gateway.id === id)
        .map(gateway => {
          const workload = cluster.workloads.find(
            each => each.id === gateway.workload,
          );
          const exposure = workload && gatewayExposure(cluster, workload);
          return exposure ?? { takesFrom: 'unknown', by: [] };
        }),
    );
  }
  return facts.workloadsOf(ref).flatMap(workload => {
    const cluster = clusters.find(each => each.name === workload.cluster);
    return (cluster && gatewayExposure(cluster, workload)) ?? [];
  });
}
