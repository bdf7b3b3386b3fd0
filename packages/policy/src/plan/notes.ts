import { Cluster, Workload } from '../estate/types';
import { PathPattern, withoutBasePath } from '../model/pathPattern';
import { EnforceableAccess } from './decideLayers';
import { networkPoliciesOn } from './foreignPolicies';
import { PortAccess } from './portAccess';
import { Report } from './Report';
import { LayerState } from './types';
import { workloadsUnder } from './workloadIndex';
import { detail, said, workload, workloads } from '../words';

/** What is said of a grant besides its access. */
interface NotedGrant {
  grant: { caller: string };
  /** what paths of the definition stand below; people read them without it */
  basePath: string;
}

function notesOnHttp(
  cluster: Cluster,
  to: Workload,
  http: NonNullable<EnforceableAccess['http']>,
  { basePath, grant }: NotedGrant,
  report: Report,
): void {
  const offered = ({ text }: PathPattern) => withoutBasePath(basePath, text);
  const methodsOf = (method: string) =>
    http
      .filter(({ methods }) => methods.includes(method))
      .flatMap(({ paths }) => paths.map(offered));
  const head = new Set(methodsOf('HEAD'));
  const alone = methodsOf('GET').filter(path => !head.has(path));
  if (alone.length > 0)
    report.add(
      'head-not-included',
      `HEAD is not granted with GET on ${[...new Set(alone)]
        .sort()
        .join(', ')}`,
      [to.id],
      { data: { caller: grant.caller } },
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
      said`A parameter matches an encoded slash: ${[
        ...new Set(templated.map(offered)),
      ]
        .sort()
        .join(', ')} may reach other paths of ${workload(
        to.id,
      )} if it decodes %2F`,
      [to.id],
    );
}

/**
 * Says what people should know about access that is compiled all the same.
 */
export function noteAccess(
  cluster: Cluster,
  to: Workload,
  access: PortAccess,
  enforceable: EnforceableAccess,
  noted: NotedGrant,
  report: Report,
): void {
  if (enforceable.http)
    notesOnHttp(cluster, to, enforceable.http, noted, report);
  if (access.http === undefined)
    report.add(
      'whole-port-granted',
      said`The grant covers everything behind ${access.port.protocol} ${
        access.port.port
      } of ${workload(to.id)}`,
      [to.id],
    );
}

/** Names the workloads that the identity layer cannot tell from a caller. */
export function noteSharedIdentity(
  cluster: Cluster,
  from: Workload,
  siblings: ReadonlySet<string>,
  kernel: LayerState,
  report: Report,
): void {
  const others = workloadsUnder(cluster, from.namespace, from.serviceAccount)
    .filter(({ id }) => id !== from.id && !siblings.has(id))
    .map(({ id }) => id);
  if (others.length > 0)
    report.add(
      'identity-overgrant',
      said`${detail(
        `The service account ${from.namespace}/${from.serviceAccount}`,
        'The service account',
      )} of ${workload(from.id)} is also that of ${workloads(others)}: ${
        kernel === 'enforced'
          ? 'only the kernel layer tells them apart'
          : 'no layer tells them apart'
      }`,
      [from.id, ...others],
      { data: others },
    );
}

/** Says where a caller's egress is opened because a hand-written policy closes it. */
export function noteForeignEgress(
  cluster: Cluster,
  from: Workload,
  report: Report,
): void {
  const policies = networkPoliciesOn(cluster, from, 'egress');
  report.add(
    'caller-egress-isolated',
    said`What is granted is opened beside ${detail(
      policies.join(', '),
      'hand-written policies',
    )} on what ${workload(from.id)} may call`,
    [from.id, ...policies],
  );
}
