import { networkPoliciesOn } from './foreignPolicies';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import { Edge } from './types';

/** Says where a caller's egress is opened because a hand-written policy closes it. */
export function noteCallerEgress(
  context: PlanContext,
  edges: readonly Edge[],
  report: Report,
): void {
  for (const edge of edges) {
    if (edge.egress !== 'isolated-by-others' || edge.mode !== 'enforce')
      continue;
    const cluster = context.clusters.find(({ name }) => name === edge.cluster);
    const workload = cluster?.workloads.find(({ id }) => id === edge.from.id);
    if (!cluster || !workload) continue;
    const policies = networkPoliciesOn(cluster, workload, 'egress');
    report
      .within({ api: edge.api, grantId: edge.grantId })
      .add(
        'caller-egress-isolated',
        `${policies.join(', ')} closes the egress of ${
          edge.from.id
        }: it is opened for what is granted`,
        [edge.from.id, ...policies],
      );
  }
}
