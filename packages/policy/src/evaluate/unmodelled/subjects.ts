import { everyMatch } from '../../estate/podLabels';
import { asArray, asJson, isJson } from '../../estate/json';
import type { KubernetesObject } from '../../estate/types';
import {
  labelSelector,
  namespaceSelector,
  podsIn,
  someMatch,
} from './labelSelectors';
import { ANYBODY, BOTH, directionsBy, Scope } from './scope';

const INGRESS: Scope['directions'] = new Set(['ingress']);
const EGRESS: Scope['directions'] = new Set(['egress']);

const hasRules = (spec: Record<string, unknown>, direction: string) =>
  spec[direction] !== undefined &&
  !(Array.isArray(spec[direction]) && asArray(spec[direction]).length === 0);

/** AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy: `subject` (network-policy-api.sigs.k8s.io). */
export function subjectScope({ spec }: KubernetesObject): Scope {
  if (!isJson(spec) || !isJson(spec.subject)) return ANYBODY;
  const { pods, namespaces } = spec.subject;
  const directions = directionsBy(direction => hasRules(spec, direction));
  if (isJson(namespaces) && pods === undefined)
    return { directions, selects: namespaceSelector(namespaces) };
  if (isJson(pods) && namespaces === undefined)
    return {
      directions,
      selects: podsIn(pods.podSelector, pods.namespaceSelector),
    };
  return { ...ANYBODY, directions };
}

/** Antrea: `appliedTo` of the policy or of each rule; groups, nodes and services are not read. */
export function antreaScope({ spec }: KubernetesObject): Scope {
  if (!isJson(spec)) return ANYBODY;
  const rules = [...asArray(spec.ingress), ...asArray(spec.egress)];
  const targets = [
    ...asArray(spec.appliedTo),
    ...rules.flatMap(rule => asArray(asJson(rule).appliedTo)),
  ];
  const directions = directionsBy(direction => hasRules(spec, direction));
  if (targets.length === 0) return { ...ANYBODY, directions };
  const selectors = targets.map(target => {
    const {
      podSelector,
      namespaceSelector: ofNamespaces,
      ...others
    } = asJson(target);
    const isRead =
      Object.keys(others).length === 0 && (podSelector ?? ofNamespaces);
    return isRead ? podsIn(podSelector, ofNamespaces) : ANYBODY.selects;
  });
  return {
    directions,
    selects: subject => someMatch(selectors.map(selects => selects(subject))),
  };
}

/** Pods of the own namespace by `podSelector`, as in NetworkPolicy. */
export function podSelectorScope({ spec }: KubernetesObject): Scope {
  if (!isJson(spec)) return ANYBODY;
  const matches = labelSelector(spec.podSelector);
  // Fields of YAML need not turn into text: an object may have a `toString` of its own.
  const types = asArray(spec.policyTypes).map(type =>
    typeof type === 'string' ? type.toLowerCase() : '',
  );
  return {
    directions: directionsBy(direction =>
      types.length > 0 ? types.includes(direction) : hasRules(spec, direction),
    ),
    selects: ({ workload }) => matches(workload),
  };
}

/** Security groups of AWS for pods: both selectors have to match; labels of service accounts are not read. */
export function securityGroupScope({ spec }: KubernetesObject): Scope {
  if (!isJson(spec)) return ANYBODY;
  const matches = labelSelector(spec.podSelector);
  return {
    directions: BOTH,
    selects: ({ workload }) =>
      everyMatch([
        matches(workload),
        spec.serviceAccountSelector === undefined ? 'yes' : 'maybe',
      ]),
  };
}

/** What is about calls that leave pods, of whole namespaces or by `podSelector`. */
export const egressScope = (object: KubernetesObject): Scope => ({
  ...(isJson(object.spec) && object.spec.podSelector !== undefined
    ? podSelectorScope(object)
    : ANYBODY),
  directions: EGRESS,
});

/** What other meshes enforce at the receiver; a `podSelector` is read where there is one. */
export const ingressScope = (object: KubernetesObject): Scope => ({
  ...(isJson(object.spec) && object.spec.podSelector !== undefined
    ? podSelectorScope(object)
    : ANYBODY),
  directions: INGRESS,
});
