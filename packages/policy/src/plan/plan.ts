import { closeWaypoints } from './closeWaypoints';
import { egressIsolations } from './egressIsolations';
import { ingressIsolations } from './ingressIsolations';
import { PlanContext } from './PlanContext';
import { planPolicy, policyRefOf, PolicyInput } from './planPolicy';
import { separatePlaintext } from './plaintextCallers';
import { plumbingOf } from './plumbing';
import { Report } from './Report';
import { workloadOf } from './workloadIndex';
import { checkSharedIdentities } from './sharedIdentities';
import { Edge, Isolation, Plan, PlanInput, PlumbingEdge } from './types';

const edgeKey = (edge: Edge) =>
  JSON.stringify([
    edge.api,
    edge.cluster,
    edge.to.id,
    edge.from.id,
    edge.protocol,
    String(edge.port).padStart(5, '0'),
    edge.grantId,
    edge.caller,
    edge.operations,
  ]);

function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ item }) => item);
}

/** One policy per API: of several the first is planned, so that later errors are still seen, and all are reported. */
function onePerApi(
  policies: PlanInput['policies'],
  report: Report,
): PolicyInput[] {
  const sorted = byKey(policies, ({ policy, file }) =>
    JSON.stringify([policy.spec.api, policyRefOf(policy), file]),
  );
  const chosen = new Map<string, PolicyInput>();
  for (const input of sorted) {
    const first = chosen.get(input.policy.spec.api);
    if (!first) chosen.set(input.policy.spec.api, input);
    else
      report
        .within({ api: input.policy.spec.api, at: { file: input.file } })
        .add(
          'duplicate-policy',
          `${input.policy.spec.api} has two AccessPolicies: ${first.file} and ${input.file}`,
          [policyRefOf(first.policy), policyRefOf(input.policy)],
        );
  }
  return [...chosen.values()];
}

function plumbing(
  context: PlanContext,
  isolations: Isolation[],
  report: Report,
): PlumbingEdge[] {
  return isolations.flatMap(isolation => {
    const cluster = context.clusters.find(
      ({ name }) => name === isolation.cluster,
    );
    const workload = cluster && workloadOf(cluster, isolation.workload.id);
    if (!cluster || !workload) return [];
    const api = isolation.apis[0];
    return plumbingOf(
      cluster,
      workload,
      isolation,
      api === undefined ? report : report.within({ api }),
    );
  });
}

/**
 * Turns declarations into one flat list of edges.
 *
 * Pure and independent of the order of its input. Whatever cannot be enforced exactly is an error finding that names the API
 * and grant, and no edge: the caller decides what becomes of the other APIs.
 *
 * @public
 */
export function plan(input: PlanInput): Plan {
  const report = new Report();
  const context = new PlanContext(input);
  const policies = onePerApi(input.policies, report).map(policy =>
    planPolicy(context, policy, report),
  );
  const planned = separatePlaintext(
    policies.flatMap(policy => policy.edges),
    report,
  );
  const ingress = ingressIsolations(context, policies, planned, report);
  const waypoints = closeWaypoints(context, planned, ingress, report);
  const { edges } = waypoints;
  checkSharedIdentities(context, edges, report);
  const isolations = [
    ...ingress,
    ...waypoints.isolations,
    ...egressIsolations(context, report),
  ];
  const openings = plumbing(context, isolations, report);
  return {
    edges: byKey(edges, edgeKey),
    isolations: byKey(isolations, ({ cluster, workload, direction }) =>
      JSON.stringify([cluster, workload.id, direction]),
    ),
    plumbing: byKey(openings, opening =>
      JSON.stringify([
        opening.cluster,
        opening.workload.id,
        opening.direction,
        opening.purpose,
        opening.peer,
        opening.ports,
      ]),
    ),
    unsupported: byKey(
      policies.flatMap(policy => policy.unsupported),
      item =>
        JSON.stringify([
          item.api,
          item.grantId,
          item.caller,
          item.cluster,
          item.from,
          item.to,
        ]),
    ),
    findings: report.all(),
  };
}
