import { servicesOf, targetPort } from '../estate';
import { PolicyMode } from '../model/types';
import {
  admittingAllowPoliciesOn,
  admittingNetworkPoliciesOn,
  allowPoliciesOn,
  allowPoliciesOnWaypoints,
  networkPoliciesOn,
  peerAuthenticationsOn,
} from './foreignPolicies';
import { checkWaypoints, ClosedBy } from './checkWaypoints';
import {
  noteDefaultAccount,
  noteFlip,
  noteForeign,
  notePeers,
  Subject,
} from './isolationNotes';
import { PlanContext } from './PlanContext';
import { PlannedPolicy } from './planPolicy';
import { Target } from './portAccess';
import { recordsDryRun } from './recordsDryRun';
import { Recorded, Report } from './Report';
import { Recall } from '../Recall';
import { Cluster, Workload } from '../estate/types';
import { closedKey, Edge, HeldPlan, Isolation } from './types';
import { waypointsBefore } from './waypointWays';
import { edgesInto } from './lookups';
import { details, entity, said, workload as workloadName } from '../words';

function subjectsOf(policies: readonly PlannedPolicy[]): Subject[] {
  const subjects = new Map<string, Subject>();
  const add = (policy: PlannedPolicy, { cluster, workloads }: Target) => {
    for (const workload of workloads) {
      const key = JSON.stringify([cluster.name, workload.id]);
      const subject = subjects.get(key) ?? { cluster, workload, policies: [] };
      if (!subject.policies.includes(policy)) subject.policies.push(policy);
      subjects.set(key, subject);
    }
  };
  for (const policy of policies)
    policy.targets.forEach(target => add(policy, target));
  return [...subjects.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, subject]) => subject);
}

function modeOf(
  { workload, policies }: Subject,
  report: Report,
): PolicyMode | undefined {
  const modes = new Set(policies.map(({ policy }) => policy.spec.mode));
  if (modes.size === 1) return policies[0].policy.spec.mode;
  const list = policies.flatMap(({ api, policy }, index) => [
    ...said`${index > 0 ? ', ' : ''}${entity(api)} is in mode ${
      policy.spec.mode
    }`,
  ]);
  for (const { api, file } of policies)
    report
      .within({ api, at: { file, field: 'spec.mode' } })
      .add(
        'mode-conflict',
        said`${workloadName(
          workload.id,
        )} serves APIs in different modes: ${list}`,
        [workload.id],
      );
  return undefined;
}

/** Entities that the catalog says use an API and that no grant covers. */
function callersWithoutGrant(
  context: PlanContext,
  policies: PlannedPolicy[],
  staysClosed: ReadonlySet<string>,
): string[] {
  const granted = new Set(
    policies.flatMap(({ api, edges, policy }) => [
      ...edges.map(({ caller }) => caller),
      // What a held grant has in force stays.
      ...(staysClosed.has(api)
        ? policy.spec.grants.map(({ caller }) => caller)
        : []),
    ]),
  );
  const consumers = policies.flatMap(({ api }) =>
    context.catalog.consumersOf(api),
  );
  return [...new Set(consumers)].filter(ref => !granted.has(ref)).sort();
}

function ingressOf(
  context: PlanContext,
  subject: Subject,
  closed: ClosedBy,
  own: readonly Edge[],
  report: Report,
  staysClosed: ReadonlySet<string>,
): Isolation | undefined {
  const { cluster, workload, policies } = subject;
  const mode = modeOf(subject, report);
  // A policy without any grant says that nobody may call: it isolates. One whose grants all hold elsewhere does not, nor one
  // whose grants all have errors, unless they closed it before.
  const deciding = policies.filter(
    ({ api, policy }) =>
      policy.spec.grants.length === 0 ||
      own.some(edge => edge.api === api) ||
      staysClosed.has(api),
  );
  if (!mode || mode === 'observe' || deciding.length === 0) return undefined;
  if (workload.hostNetwork) {
    for (const { api, file } of deciding)
      report
        .within({ api, at: { file } })
        .add(
          'host-network-provider',
          said`${workloadName(
            workload.id,
          )} cannot be isolated: it runs on the host network`,
          [workload.id],
        );
    return undefined;
  }
  // Nothing stands before a host without a proxy (docs/semantics.md, O1).
  if (workload.runsOn === 'host' && workload.mesh === 'none') return undefined;
  const end = context.ends.of(
    cluster,
    workload,
    new Set(),
    report.within({ api: deciding[0].api, at: { file: deciding[0].file } }),
  );
  if (!end) return undefined;
  const kernel =
    cluster.profile.cni.enforcesNetworkPolicy && workload.runsOn === 'pods';
  const identity = workload.mesh !== 'none';
  const before = waypointsBefore(cluster, workload);
  const networkPolicies = kernel
    ? networkPoliciesOn(cluster, workload, 'ingress')
    : [];
  const allowPolicies = identity ? allowPoliciesOn(cluster, workload) : [];
  const isolation: Isolation = {
    cluster: cluster.name,
    workload: end,
    direction: 'ingress',
    apis: deciding.map(({ api }) => api).sort(),
    mode,
    layers: { kernel, identity },
    flips: {
      kernel: kernel && mode === 'enforce' && networkPolicies.length === 0,
      identity: identity && mode === 'enforce' && allowPolicies.length === 0,
    },
    callersCut: callersWithoutGrant(context, policies, staysClosed),
    permissivePorts: [
      ...new Set(
        own
          .filter(({ row }) => row === 'mesh-plain' || row === 'mesh-address')
          .map(({ port }) => port),
      ),
    ].sort((a, b) => a - b),
    services: before.services.map(({ service }) => ({
      namespace: service.namespace,
      name: service.name,
    })),
    podWaypoints: before.own
      ? [{ namespace: before.own.namespace, name: before.own.name }]
      : [],
  };
  if (mode === 'enforce')
    checkWaypoints(subject, before, closed, deciding, report);
  const conflicts =
    identity && mode === 'enforce'
      ? peerAuthenticationsOn(cluster, workload)
      : [];
  if (conflicts.length > 0)
    for (const { api, file } of deciding)
      report
        .within({ api, at: { file } })
        .add(
          'peer-authentication-exists',
          said`${workloadName(workload.id)} is also selected by ${details(
            conflicts,
            ['a hand-written policy', 'hand-written policies'],
          )}`,
          [workload.id, ...conflicts],
        );
  if (mode === 'audit' && identity && !recordsDryRun(cluster, workload))
    for (const { api, file } of deciding)
      report
        .within({ api, at: { file } })
        .add(
          'audit-not-recorded',
          said`The ztunnel of ${workloadName(workload.id)} in ${
            cluster.name
          } is not known to record dry-run policies; older ones enforce them, so it gets none`,
          [workload.id],
        );
  noteDefaultAccount(subject, deciding, report);
  noteFlip(isolation, deciding, report);
  if (mode === 'enforce') notePeers(subject, own, report);
  noteForeign(
    subject,
    [
      ...(kernel
        ? admittingNetworkPoliciesOn(
            cluster,
            workload,
            servedPorts(cluster, workload, own),
          )
        : []),
      ...(identity ? admittingAllowPoliciesOn(cluster, workload) : []),
      ...allowPoliciesOnWaypoints(cluster, before.services),
    ],
    report,
  );
  return isolation;
}

/** Ports, by number and by name, at which a workload is called as far as is known. */
function servedPorts(
  cluster: Cluster,
  workload: Workload,
  own: readonly Edge[],
): Set<number | string> {
  const served = [
    ...own.map(({ port }) => port),
    ...workload.containerPorts.flatMap(({ port, name }) => [port, name]),
    ...servicesOf(cluster, workload).flatMap(({ ports }) =>
      ports.flatMap(each => [each.targetPort, targetPort(each, workload)]),
    ),
  ];
  return new Set(served.filter(each => each !== undefined));
}

const NOTHING_CLOSED: ClosedBy = new Map();

const sameClosed = new Recall<Cluster, ClosedBy>();

/** By cluster: which APIs close which workload. */
function closedBy(
  { clusters }: PlanContext,
  subjects: readonly Subject[],
): Map<string, ClosedBy> {
  const closed = new Map<string, Map<string, string>>();
  for (const { cluster, workload, policies } of subjects) {
    const apis = policies
      .filter(({ policy }) => policy.spec.mode === 'enforce')
      .map(({ api }) => api);
    if (apis.length === 0) continue;
    const here = closed.get(cluster.name) ?? new Map<string, string>();
    here.set(workload.id, apis.sort().join());
    closed.set(cluster.name, here);
  }
  return new Map(
    clusters.map(cluster => {
      const here = closed.get(cluster.name) ?? new Map<string, string>();
      // The same map as long as the same is closed.
      return [
        cluster.name,
        sameClosed.get(cluster, [...here].flat(), () => here),
      ];
    }),
  );
}

/** What was decided of workloads before: most are as they were when one policy changes. */
const isolated = new Recall<Workload, Recorded<Isolation | undefined>>();

/** Workloads that serve an API and are closed to everybody without a grant. */
export function ingressIsolations(
  context: PlanContext,
  policies: readonly PlannedPolicy[],
  edges: readonly Edge[],
  report: Report,
  held?: HeldPlan,
): Isolation[] {
  const subjects = subjectsOf(policies);
  const closed = closedBy(context, subjects);
  return subjects
    .map(subject => {
      const { cluster, workload } = subject;
      const here = closed.get(cluster.name) ?? NOTHING_CLOSED;
      const own = edgesInto(edges, workload.id).filter(
        edge => edge.cluster === cluster.name,
      );
      const staysClosed = new Set(
        subject.policies
          .map(({ api }) => api)
          .filter(api =>
            held?.closed.has(closedKey(api, cluster.name, workload.id)),
          ),
      );
      const make = () =>
        Report.record(each =>
          ingressOf(context, subject, here, own, each, staysClosed),
        );
      return report.replay(
        isolated.get(
          workload,
          [
            context,
            here,
            [...staysClosed].sort().join(),
            ...subject.policies,
            ...own,
          ],
          make,
        ),
      );
    })
    .filter((isolation): isolation is Isolation => isolation !== undefined);
}
