import { formatEntityRef, parseEntityRefText } from '../../entityRef';
import { Cluster, Labels, Namespace, Workload } from '../../estate/types';
import { WorkloadOwnerRule } from '../../profile/types';
import { ClaimOwner } from './types';

/**
 * The annotation or label by which a namespace or workload says whose it is.
 *
 * @public
 */
export const OWNER_ANNOTATION = 'callgate.dev/owner';

/** Whose a workload is; `problem` where the text names nobody. */
export interface StatedOwner extends ClaimOwner {
  problem?: string;
}

function statedOwner(
  text: string,
  statedBy: ClaimOwner['statedBy'],
  place: string,
): StatedOwner {
  const parts = parseEntityRefText(text, { kind: 'group' });
  if (parts && (parts.kind === 'group' || parts.kind === 'user'))
    return { ref: formatEntityRef(parts), statedBy };
  return {
    ref: text,
    statedBy,
    problem: `${place} says that ${JSON.stringify(
      text,
    )} is the owner, which is no group or user`,
  };
}

const hasAll = (labels: Labels, wanted: Record<string, string>) =>
  Object.entries(wanted).every(
    ([key, value]) =>
      Object.prototype.hasOwnProperty.call(labels, key) &&
      labels[key] === value,
  );

function byRule(
  rule: WorkloadOwnerRule,
  namespace: Namespace,
  workload: Workload,
): StatedOwner | undefined {
  if ('fromNamespaceLabel' in rule) {
    const { fromNamespaceLabel: label, as } = rule;
    if (!Object.prototype.hasOwnProperty.call(namespace.labels, label))
      return undefined;
    return statedOwner(
      as.replace('{value}', () => namespace.labels[label]),
      'profile',
      `The label ${label} of namespace ${namespace.name}, as the platform profile reads it,`,
    );
  }
  const { namespaces, selector = {}, owner } = rule;
  const isThere = Array.isArray(namespaces)
    ? namespaces.includes(namespace.name)
    : hasAll(namespace.labels, namespaces);
  return isThere && hasAll(workload.podLabels, selector)
    ? statedOwner(owner, 'profile', 'The platform profile')
    : undefined;
}

const textIn = (...places: Labels[]) =>
  places
    .filter(place =>
      Object.prototype.hasOwnProperty.call(place, OWNER_ANNOTATION),
    )
    .map(place => place[OWNER_ANNOTATION])[0];

const namespaceOf = (
  { namespaces }: Pick<Cluster, 'namespaces'>,
  { namespace }: Workload,
): Namespace =>
  namespaces.get(namespace) ?? { name: namespace, labels: {}, annotations: {} };

/** Whether an entry of `owners` says whose a workload is. */
export function fitsRule(
  rule: WorkloadOwnerRule,
  cluster: Pick<Cluster, 'namespaces'>,
  workload: Workload,
): boolean {
  return byRule(rule, namespaceOf(cluster, workload), workload) !== undefined;
}

/**
 * The owner of a workload, as those say it who hold the platform: the platform profile, else the namespace, else the workload
 * itself. A text that names no group or user is an owner that nobody is.
 */
export function ownerOfWorkload(
  { profile, namespaces }: Cluster,
  workload: Workload,
): StatedOwner | undefined {
  const namespace = namespaceOf({ namespaces }, workload);
  for (const rule of profile.owners) {
    const owner = byRule(rule, namespace, workload);
    if (owner) return owner;
  }
  const ofNamespace = textIn(namespace.annotations, namespace.labels);
  if (ofNamespace !== undefined)
    return statedOwner(
      ofNamespace,
      'namespace',
      `${OWNER_ANNOTATION} of namespace ${namespace.name}`,
    );
  const own = textIn(
    workload.objectAnnotations,
    workload.labels,
    workload.annotations,
    workload.podLabels,
  );
  return own === undefined
    ? undefined
    : statedOwner(own, 'workload', `${OWNER_ANNOTATION} of ${workload.id}`);
}
