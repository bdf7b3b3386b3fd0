import { Cluster, Workload } from '../estate/types';
import { EnforceableAccess } from './decideLayers';
import { PortAccess } from './portAccess';
import { Report } from './Report';

function notesOnHttp(
  cluster: Cluster,
  to: Workload,
  http: NonNullable<EnforceableAccess['http']>,
  report: Report,
): void {
  const methodsOf = (method: string) =>
    http
      .filter(({ methods }) => methods.includes(method))
      .flatMap(({ paths }) => paths.map(({ text }) => text));
  const head = new Set(methodsOf('HEAD'));
  const alone = methodsOf('GET').filter(path => !head.has(path));
  if (alone.length > 0)
    report.add(
      'head-not-included',
      `HEAD is not granted with GET on ${[...new Set(alone)]
        .sort()
        .join(', ')}`,
      [to.id],
    );
  const templated = http
    .flatMap(({ paths }) => paths)
    .filter(({ segments }) => segments.some(({ kind }) => kind !== 'literal'));
  if (
    templated.length > 0 &&
    cluster.profile.mesh.pathNormalization !== 'DECODE_AND_MERGE_SLASHES'
  )
    report.add(
      'encoded-slash',
      `A parameter matches an encoded slash: ${[
        ...new Set(templated.map(({ text }) => text)),
      ]
        .sort()
        .join(', ')} may reach other paths of ${to.id} if it decodes %2F`,
      [to.id],
    );
}

/** Says what people should know about access that is compiled all the same. */
export function noteAccess(
  cluster: Cluster,
  to: Workload,
  access: PortAccess,
  enforceable: EnforceableAccess,
  report: Report,
): void {
  if (enforceable.http) notesOnHttp(cluster, to, enforceable.http, report);
  if (access.http === undefined)
    report.add(
      'whole-port-granted',
      `The grant covers everything behind ${access.port.protocol} ${access.port.port} of ${to.id}`,
      [to.id],
    );
  if (to.serviceAccount === 'default' && to.mesh !== 'none')
    report.add(
      'default-service-account-provider',
      `${to.id} runs under the default service account of ${to.namespace}`,
      [to.id],
    );
}

/** Names the workloads that the identity layer cannot tell from a caller. */
export function noteSharedIdentity(
  cluster: Cluster,
  from: Workload,
  siblings: ReadonlySet<string>,
  report: Report,
): void {
  const others = cluster.workloads
    .filter(
      other =>
        other.namespace === from.namespace &&
        other.serviceAccount === from.serviceAccount &&
        other.id !== from.id &&
        !siblings.has(other.id),
    )
    .map(({ id }) => id);
  if (others.length > 0)
    report.add(
      'identity-overgrant',
      `${others.join(', ')} runs under the service account ${from.namespace}/${
        from.serviceAccount
      } of ${
        from.id
      } as well: the identity layer admits it too, only the kernel layer does not`,
      [from.id, ...others],
      { data: others },
    );
}
