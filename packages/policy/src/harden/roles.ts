import { asArray, asJson, asLabels, asText } from '../estate/json';
import { namespaceOf } from '../estate/buildCluster';
import { Cluster, KubernetesObject } from '../estate/types';
import { PowerRule } from './powers';

const GROUP = 'rbac.authorization.k8s.io';

/** One rule of a role; rules for named objects count as for all: the name may be one that matters. */
export interface RoleRule {
  groups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

/** A role given to somebody. */
export interface Binding {
  /** a namespace, or `*` */
  namespace: string;
  subjects: readonly string[];
  role: string;
  through: string;
}

/** What the role `edit` has in every cluster (Kubernetes' reference of RBAC, "user-facing roles"), as far as powers go. */
const EDIT: readonly RoleRule[] = [
  {
    groups: ['', 'apps', 'batch', 'networking.k8s.io'],
    resources: [
      'pods',
      'pods/exec',
      'pods/attach',
      'replicationcontrollers',
      'deployments',
      'statefulsets',
      'daemonsets',
      'replicasets',
      'jobs',
      'cronjobs',
      'services',
      'networkpolicies',
      'serviceaccounts',
      'serviceaccounts/token',
      'secrets',
    ],
    verbs: [
      'get',
      'list',
      'create',
      'update',
      'patch',
      'delete',
      'deletecollection',
      'impersonate',
    ],
  },
];
const BUILT_IN: Readonly<Record<string, readonly RoleRule[]>> = {
  'cluster-admin': [{ groups: ['*'], resources: ['*'], verbs: ['*'] }],
  // admin may write roles as well, but never give more than it has.
  admin: EDIT,
  edit: EDIT,
  view: [],
};

const texts = (value: unknown): string[] =>
  asArray(value).filter((item): item is string => typeof item === 'string');

function rulesOf(object: KubernetesObject): RoleRule[] {
  return asArray(object.rules).flatMap(value => {
    const rule = asJson(value);
    return [
      {
        groups: texts(rule.apiGroups),
        resources: texts(rule.resources),
        verbs: texts(rule.verbs),
      },
    ];
  });
}

function aggregated(
  object: KubernetesObject,
  all: readonly KubernetesObject[],
): RoleRule[] {
  const selectors = asArray(
    asJson(object.aggregationRule).clusterRoleSelectors,
  ).map(each => asLabels(asJson(each).matchLabels));
  return all
    .filter(other => {
      const labels = asLabels(other.metadata.labels);
      return selectors.some(selector =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      );
    })
    .flatMap(rulesOf);
}

const ofKind = (cluster: Cluster, kind: string): KubernetesObject[] =>
  cluster.objects
    .map(({ object }) => object)
    .filter(
      object =>
        object.kind === kind && object.apiVersion.startsWith(`${GROUP}/`),
    );

/** Roles of a cluster by `ClusterRole/name` or `Role/namespace/name`. */
export function readRoles(
  cluster: Cluster,
): ReadonlyMap<string, readonly RoleRule[]> {
  const roles = new Map<string, readonly RoleRule[]>(
    Object.entries(BUILT_IN).map(([name, rules]) => [
      `ClusterRole/${name}`,
      rules,
    ]),
  );
  const clusterRoles = ofKind(cluster, 'ClusterRole');
  for (const object of clusterRoles)
    roles.set(`ClusterRole/${object.metadata.name}`, [
      ...rulesOf(object),
      ...aggregated(object, clusterRoles),
    ]);
  // What is aggregated into a role of every cluster is added to it.
  for (const name of ['admin', 'edit']) {
    const label = `${GROUP}/aggregate-to-${name}`;
    const more = clusterRoles.filter(
      object => asLabels(object.metadata.labels)[label] === 'true',
    );
    const key = `ClusterRole/${name}`;
    roles.set(key, [...(roles.get(key) ?? []), ...more.flatMap(rulesOf)]);
  }
  for (const object of ofKind(cluster, 'Role'))
    roles.set(
      `Role/${namespaceOf(object)}/${object.metadata.name}`,
      rulesOf(object),
    );
  return roles;
}

function subjectsOf(object: KubernetesObject, namespace: string): string[] {
  return asArray(object.subjects).flatMap(value => {
    const subject = asJson(value);
    const kind = asText(subject.kind);
    const name = asText(subject.name);
    if (!kind || !name) return [];
    return kind === 'ServiceAccount'
      ? [`${kind}/${asText(subject.namespace) ?? namespace}/${name}`]
      : [`${kind}/${name}`];
  });
}

/** Bindings of a cluster. */
export function readBindings(cluster: Cluster): Binding[] {
  return ['ClusterRoleBinding', 'RoleBinding'].flatMap(kind =>
    ofKind(cluster, kind).map(object => {
      const own = kind === 'RoleBinding' ? namespaceOf(object) : '*';
      const ref = asJson(object.roleRef);
      const name = asText(ref.name) ?? '';
      const role =
        ref.kind === 'Role' ? `Role/${own}/${name}` : `ClusterRole/${name}`;
      const binding =
        own === '*'
          ? `${kind}/${object.metadata.name}`
          : `${kind}/${own}/${object.metadata.name}`;
      return {
        namespace: own,
        subjects: subjectsOf(object, own),
        role,
        through: `${binding} gives ${role}`,
      };
    }),
  );
}

const within = (allowed: readonly string[], wanted: readonly string[]) =>
  allowed.includes('*') || wanted.some(each => allowed.includes(each));

/** `pods/exec` is also allowed by `*`, by `pods/*` and by `*`/`exec`. */
function coversResource(
  allowed: readonly string[],
  wanted: readonly string[],
): boolean {
  if (within(allowed, wanted)) return true;
  return wanted.some(each => {
    const [resource, part] = each.split('/');
    return (
      part !== undefined &&
      (allowed.includes(`${resource}/*`) || allowed.includes(`*/${part}`))
    );
  });
}

/** Does a role allow any of what a power needs? */
export function allows(
  rules: readonly RoleRule[],
  wanted: readonly PowerRule[],
): boolean {
  return wanted.some(({ groups, resources, verbs }) =>
    rules.some(
      rule =>
        within(rule.groups, groups) &&
        coversResource(rule.resources, resources) &&
        within(rule.verbs, verbs),
    ),
  );
}
