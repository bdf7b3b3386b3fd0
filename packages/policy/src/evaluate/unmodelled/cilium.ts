import { Match, PodLabels } from '../../estate/podLabels';
import { asArray, isJson } from '../../estate/json';
import type { KubernetesObject } from '../../estate/types';
import { labelSelector, someMatch } from './labelSelectors';
import { ANYBODY, directionsBy, Scope, Subject } from './scope';

const NAMESPACE = 'io.kubernetes.pod.namespace';
const ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
const NAMESPACE_LABEL = 'io.cilium.k8s.namespace.labels.';

/** Labels that Cilium gives an endpoint beside those of its pod. */
function endpointLabels({ workload, namespaceLabels }: Subject): PodLabels {
  const ofNamespace = Object.entries(namespaceLabels ?? {}).map(
    ([key, value]) => [`${NAMESPACE_LABEL}${key}`, value],
  );
  return {
    ...workload,
    podLabels: {
      ...workload.podLabels,
      ...Object.fromEntries(ofNamespace),
      [NAMESPACE]: workload.namespace,
      [ACCOUNT]: workload.serviceAccount,
    },
  };
}

/** The key without its source; `undefined` for sources other than Kubernetes, of which nothing is known here. */
function plainKey(key: unknown, isKnown: boolean): string | undefined {
  if (typeof key !== 'string') return undefined;
  const plain = /^(?:k8s|any):/.test(key)
    ? key.slice(key.indexOf(':') + 1)
    : key;
  if (plain.includes(':')) return undefined;
  if (plain.startsWith('io.cilium.k8s.policy.') && plain !== ACCOUNT)
    return undefined;
  return plain.startsWith(NAMESPACE_LABEL) && !isKnown ? undefined : plain;
}

/** A selector with keys as pods have them; `undefined` where one is about something else. */
function plainSelector(raw: unknown, isKnown: boolean): unknown {
  if (!isJson(raw)) return undefined;
  const { matchLabels: stated = {}, matchExpressions: listed = [] } = raw;
  if (!isJson(stated) || !Array.isArray(listed)) return undefined;
  const matchLabels: [string, unknown][] = [];
  for (const [key, value] of Object.entries(stated)) {
    const plain = plainKey(key, isKnown);
    if (plain === undefined) return undefined;
    matchLabels.push([plain, value]);
  }
  const matchExpressions = [];
  for (const entry of listed) {
    if (!isJson(entry)) return undefined;
    const key = plainKey(entry.key, isKnown);
    if (key === undefined) return undefined;
    matchExpressions.push({ ...entry, key });
  }
  return {
    ...raw,
    matchLabels: Object.fromEntries(matchLabels),
    matchExpressions,
  };
}

function endpointSelector(raw: unknown): (subject: Subject) => Match {
  const compiled = [true, false].map(isKnown => {
    const plain = plainSelector(raw, isKnown);
    return plain === undefined ? () => 'maybe' as const : labelSelector(plain);
  });
  return subject =>
    compiled[subject.namespaceLabels ? 0 : 1](endpointLabels(subject));
}

/**
 * A CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy: endpoints by labels, in the directions that it has sections for.
 * Policies of nodes are about what uses the node's network alone (docs.cilium.io, Layer 3 and Host Policies).
 */
export function ciliumScope({ spec, specs }: KubernetesObject): Scope {
  const rules = [spec, ...asArray(specs)].filter(rule => rule !== undefined);
  if (rules.length === 0 || !rules.every(isJson)) return ANYBODY;
  const selectors = rules.map(rule => {
    if (rule.endpointSelector !== undefined)
      return endpointSelector(rule.endpointSelector);
    return rule.nodeSelector === undefined
      ? ANYBODY.selects
      : ({ workload }: Subject): Match =>
          workload.hostNetwork ? 'maybe' : 'no';
  });
  return {
    directions: directionsBy(direction =>
      rules.some(rule => direction in rule || `${direction}Deny` in rule),
    ),
    selects: subject => someMatch(selectors.map(selects => selects(subject))),
  };
}
