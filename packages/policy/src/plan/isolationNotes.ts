import { servicesOf, targetPort } from '../estate';
import { Cluster, Workload } from '../estate/types';
import { PlannedPolicy } from './planPolicy';
import { Report } from './Report';
import { Edge, Isolation } from './types';
import { details, entities, said, workload as workloadName } from '../words';

/** A workload that policies speak about, with those policies. */
export interface Subject {
  cluster: Cluster;
  workload: Workload;
  policies: PlannedPolicy[];
}

/** Reports layers that were open and close, with who is known to lose access. */
export function noteFlip(
  isolation: Isolation,
  policies: PlannedPolicy[],
  report: Report,
): void {
  const { flips, workload, callersCut, cluster } = isolation;
  const layers = [
    flips.kernel ? 'kernel' : '',
    flips.identity ? 'identity' : '',
  ].filter(layer => layer !== '');
  if (layers.length === 0) return;
  const cut =
    callersCut.length > 0
      ? said` Used without a grant by ${entities(callersCut)}.`
      : '';
  for (const { api, file } of policies)
    report
      .within({ api, at: { file } })
      .add(
        'isolation-flip',
        said`${workloadName(
          workload.id,
        )} in ${cluster} is closed to every caller without a grant (${layers.join(
          ' and ',
        )} layer).${cut}`,
        [workload.id, ...callersCut],
        { data: { cluster, layers, callersCut } },
      );
}

/** Reports replicas that may call each other today. */
export function notePeers(
  subject: Subject,
  edges: readonly Edge[],
  report: Report,
): void {
  const { cluster, workload, policies } = subject;
  if (
    edges.some(
      edge => edge.to.id === workload.id && edge.from.id === workload.id,
    )
  )
    return;
  const services = servicesOf(cluster, workload);
  const declared = new Set(
    services.flatMap(({ ports }) =>
      ports.flatMap(port => [
        port.targetPort,
        port.port,
        targetPort(port, workload),
      ]),
    ),
  );
  const undeclared = workload.containerPorts.some(
    ({ port, name }) => !declared.has(port) && !declared.has(name ?? ''),
  );
  const peers =
    workload.kind === 'StatefulSet' ||
    services.some(({ headless }) => headless) ||
    (workload.replicas === 'many' && undeclared);
  if (!peers) return;
  for (const { api, file } of policies)
    report
      .within({ api, at: { file } })
      .add(
        'cuts-peers',
        said`Replicas of ${workloadName(
          workload.id,
        )} may call each other today; isolation cuts that`,
        [workload.id],
      );
}

/** Names hand-written policies that admit callers as well: policies add up. */
export function noteForeign(
  subject: Subject,
  foreign: string[],
  report: Report,
): void {
  if (foreign.length === 0) return;
  for (const { api, file } of subject.policies)
    report
      .within({ api, at: { file } })
      .add(
        'foreign-allow',
        said`Who may call ${workloadName(
          subject.workload.id,
        )} is also decided by ${details(foreign, [
          'a hand-written policy',
          'hand-written policies',
        ])}`,
        foreign,
      );
}

/** Reports a provider whose identity everything without one of its own has as well. */
export function noteDefaultAccount(
  { workload }: Subject,
  policies: readonly PlannedPolicy[],
  report: Report,
): void {
  const { id, namespace, serviceAccount, mesh } = workload;
  if (serviceAccount !== 'default' || mesh === 'none') return;
  for (const { api, file } of policies)
    report
      .within({ api, at: { file } })
      .add(
        'default-service-account-provider',
        said`${workloadName(
          id,
        )} runs under the default service account of ${namespace}`,
        [id],
      );
}
