import { Cluster, KubernetesObject } from '../estate/types';
import { MANAGED_BY } from '../plan/foreignPolicies';
import { EdgeEnd, Plan } from '../plan/types';
import { asksAs, celText, keepsLabel } from './admissionExpressions';
import { podValidations, Validation } from './podValidations';
import { protectedNamespaces } from './rbacReport';

type Part = Pick<Plan, 'edges' | 'isolations'>;

interface ResourceRule {
  apiGroups: string[];
  resources: string[];
  operations: ('CREATE' | 'UPDATE' | 'DELETE')[];
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Labels that decide whether the mesh sees a namespace or Service, and through what. */
const MESH_LABELS = [
  'istio-injection',
  'istio.io/rev',
  'istio.io/dataplane-mode',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
];

function policyAndBinding(
  name: string,
  rules: readonly ResourceRule[],
  validations: readonly Validation[],
  namespaces: readonly string[],
): KubernetesObject[] {
  const metadata = { name, labels: { [MANAGED_BY.key]: MANAGED_BY.value } };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: rules.map(rule => ({ ...rule, apiVersions: ['*'] })),
        },
        validations: validations.map(each => ({
          ...each,
          reason: 'Forbidden',
        })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: name,
        validationActions: ['Deny', 'Audit'],
        matchResources: {
          namespaceSelector: {
            matchExpressions: [
              { key: NAMESPACE_NAME, operator: 'In', values: [...namespaces] },
            ],
          },
        },
      },
    },
  ];
}

const PODS: ResourceRule = {
  apiGroups: [''],
  resources: ['pods'],
  operations: ['CREATE', 'UPDATE'],
};

/** Ends of edges and closed workloads in a namespace, once each. */
function endsIn(part: Part, cluster: string, namespace: string): EdgeEnd[] {
  const ends = [
    ...part.edges
      .filter(each => each.cluster === cluster)
      .flatMap(({ from, to }) => [from, to]),
    ...part.isolations
      .filter(each => each.cluster === cluster)
      .map(({ workload }) => workload),
  ].filter(
    (end): end is EdgeEnd =>
      end.kind === 'workload' &&
      end.namespace === namespace &&
      Object.keys(end.selector).length > 0,
  );
  const byId = new Map(ends.map(end => [end.id, end]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * ValidatingAdmissionPolicies (Kubernetes 1.30 and later) that keep what the
 * layers rest on as the plan found it:
 *
 * - labels of pods and their service account stay together;
 * - pods stay in the mesh;
 * - where the profile says who the platform team is: only they change mesh
 *   labels of namespaces and Services, and objects that Callgate generated.
 *
 * They are additional: nothing that Callgate proves rests on them.
 *
 * @public
 */
export function admissionPolicies(
  plan: Pick<Plan, 'edges' | 'isolations'>,
  cluster: Cluster,
): KubernetesObject[] {
  const namespaces = protectedNamespaces(plan, cluster.name);
  if (namespaces.length === 0) return [];
  const perNamespace = namespaces.flatMap(namespace => {
    const validations = endsIn(plan, cluster.name, namespace).flatMap(end =>
      podValidations(end, cluster),
    );
    return validations.length === 0
      ? []
      : policyAndBinding(`callgate-pods-${namespace}`, [PODS], validations, [
          namespace,
        ]);
  });
  const { platform } = cluster.profile.trust;
  if (platform.users.length === 0 && platform.groups.length === 0)
    return perNamespace;
  const trusted = asksAs(platform);
  const labels: Validation[] = MESH_LABELS.map(key => ({
    expression: `${trusted} || ${keepsLabel(key)}`,
    message: `Only the platform team changes the label ${key}.`,
  }));
  const owned = (object: string) =>
    `(${object} != null && has(${object}.metadata.labels) && ${celText(
      MANAGED_BY.key,
    )} in ${object}.metadata.labels && ${object}.metadata.labels[${celText(
      MANAGED_BY.key,
    )}] == ${celText(MANAGED_BY.value)})`;
  return [
    ...perNamespace,
    ...policyAndBinding(
      'callgate-mesh-labels',
      [
        {
          apiGroups: [''],
          resources: ['namespaces', 'services'],
          operations: ['UPDATE'],
        },
      ],
      labels,
      namespaces,
    ),
    ...policyAndBinding(
      'callgate-generated-objects',
      [
        {
          apiGroups: ['networking.k8s.io'],
          resources: ['networkpolicies'],
          operations: ['CREATE', 'UPDATE', 'DELETE'],
        },
        {
          apiGroups: ['security.istio.io'],
          resources: ['authorizationpolicies', 'peerauthentications'],
          operations: ['CREATE', 'UPDATE', 'DELETE'],
        },
      ],
      [
        {
          expression: `${trusted} || !(${owned('object')} || ${owned(
            'oldObject',
          )})`,
          message:
            'Only the platform team writes objects that Callgate generated: change the AccessPolicy instead.',
        },
      ],
      namespaces,
    ),
  ];
}
