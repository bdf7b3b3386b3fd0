import { fenced } from '../fence';
import { closeWaypoints } from './closeWaypoints';
import { egressIsolations } from './egressIsolations';
import { ingressIsolations } from './ingressIsolations';
import { AccessPolicy } from '../model/types';
import { leftIsolations } from './leftIsolations';
import { PlanContext } from './PlanContext';
import {
  PlannedPolicy,
  planPolicy,
  policyRefOf,
  PolicyInput,
} from './planPolicy';
import { separatePlaintext } from './plaintextCallers';
import { plumbingOf } from './plumbing';
import { Recorded, Report } from './Report';
import { byKey, keyed } from '../keyed';
import { Recall } from '../Recall';
import { workloadOf } from './workloadIndex';
import { checkSharedIdentities } from './sharedIdentities';
import {
  Edge,
  heldKey,
  HeldPlan,
  Isolation,
  Plan,
  PlanInput,
  PlumbingEdge,
} from './types';
import { entity, said } from '../words';

/** Policies are in the order of their APIs, and so are their edges: the rest of the order is up to these keys. */
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

const isolationKey = keyed(({ cluster, workload, direction }: Isolation) =>
  JSON.stringify([cluster, workload.id, direction]),
);

const plumbingKey = keyed((opening: PlumbingEdge) =>
  JSON.stringify([
    opening.cluster,
    opening.workload.id,
    opening.direction,
    opening.purpose,
    opening.peer,
    opening.ports,
  ]),
);

const policyKey = keyed((policy: AccessPolicy) =>
  JSON.stringify([policy.spec.api, policyRefOf(policy)]),
);

/** What was planned of policies before: most are the same when one changes. */
const planned = new Recall<AccessPolicy, Recorded<PlannedPolicy>>();

function planOne(
  context: PlanContext,
  policy: PolicyInput,
  report: Report,
  held: HeldPlan | undefined,
): PlannedPolicy {
  return fenced(
    () => {
      const one = planPolicy(context, policy, report, held);
      return { ...one, edges: byKey(one.edges, edgeKey) };
    },
    reason => {
      const api = policy.policy.spec.api;
      report
        .within({ api, at: { file: policy.file } })
        .add(
          'input-unreadable',
          said`The access of ${entity(
            api,
          )} cannot be planned: the declaration, the definition or an entity that it names has a form that is not known`,
          [api],
          { data: { reason } },
        );
      return {
        api,
        policy: policy.policy,
        file: policy.file,
        targets: [],
        edges: [],
        unsupported: [],
        unconfirmed: [],
      };
    },
  );
}

/** The held grants of one policy, as one text. */
function heldOf(
  { policy: { spec } }: PolicyInput,
  held: HeldPlan | undefined,
): string {
  return held
    ? spec.grants
        .filter(({ id }) => held.grants.has(heldKey(spec.api, id)))
        .map(({ id }) => id)
        .join()
    : '';
}

/** One policy per API: of several the first is planned, so that later errors are still seen, and all are reported. */
function onePerApi(
  policies: PlanInput['policies'],
  report: Report,
): PolicyInput[] {
  const sorted = byKey(
    policies,
    ({ policy, file }) => `${policyKey(policy)} ${file}`,
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
          said`${entity(input.policy.spec.api)} has two AccessPolicies: ${
            first.file
          } and ${input.file}`,
          [policyRefOf(first.policy), policyRefOf(input.policy)],
        );
  }
  return [...chosen.values()];
}

const opened = new Recall<Isolation, Recorded<PlumbingEdge[]>>();

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
    return report.replay(
      opened.get(isolation, [cluster], () =>
        Report.record(own =>
          plumbingOf(
            cluster,
            workload,
            isolation,
            api === undefined ? own : own.within({ api }),
          ),
        ),
      ),
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
  const context = PlanContext.of(input);
  const policies = onePerApi(input.policies, report).map(policy =>
    report.replay(
      planned.get(
        policy.policy,
        [context, policy.file, policy.locate, heldOf(policy, input.held)],
        () => Report.record(own => planOne(context, policy, own, input.held)),
      ),
    ),
  );
  for (const { text, workload } of context.bindings.ownersUnread())
    report.add('owner-invalid', `${text}: nobody may bind it`, [workload]);
  const separated = separatePlaintext(
    policies.flatMap(policy => policy.edges),
    report,
  );
  const ingress = ingressIsolations(
    context,
    policies,
    separated,
    report,
    input.held,
  );
  const closing = [
    ...ingress,
    ...leftIsolations(context, policies, ingress, input.closed ?? [], report),
  ];
  const waypoints = closeWaypoints(context, separated, closing, report);
  const { edges } = waypoints;
  checkSharedIdentities(context, edges, report);
  const isolations = [
    ...closing,
    ...waypoints.isolations,
    ...egressIsolations(context, report),
  ];
  const openings = plumbing(context, isolations, report);
  return {
    edges,
    isolations: byKey(isolations, isolationKey),
    plumbing: byKey(openings, plumbingKey),
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
    unconfirmed: byKey(
      policies.flatMap(policy => policy.unconfirmed),
      item =>
        JSON.stringify([
          item.api,
          item.grantId,
          item.cluster,
          item.side,
          item.end,
        ]),
    ),
    findings: report.all(),
  };
}
