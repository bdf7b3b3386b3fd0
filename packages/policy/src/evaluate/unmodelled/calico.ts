import { everyMatch, Match, PodLabels } from '../../estate/podLabels';
import { asArray, asJson, asText, isJson } from '../../estate/json';
import type { KubernetesObject, Labels } from '../../estate/types';
import { calicoSelector } from './calicoSelector';
import { ANYBODY, BOTH, Scope, Subject } from './scope';

/** Labels that Calico gives the endpoint of a pod beside its own. */
function endpointLabels({ workload, namespaceLabels }: Subject): PodLabels {
  const ofNamespace = Object.entries(namespaceLabels ?? {}).map(
    ([key, value]) => [`pcns.${key}`, value],
  );
  return {
    ...workload,
    podLabels: {
      ...workload.podLabels,
      ...Object.fromEntries(ofNamespace),
      'projectcalico.org/namespace': workload.namespace,
      'projectcalico.org/orchestrator': 'k8s',
      'projectcalico.org/serviceaccount': workload.serviceAccount,
    },
  };
}

const namespaceLabels = (name: string, labels: Labels): PodLabels => ({
  podLabels: { ...labels, 'projectcalico.org/name': name },
});

/** Where types are not stated they follow from the rules; without any it is about ingress. */
function directionsOf(spec: Record<string, unknown>): Scope['directions'] {
  if (spec.types !== undefined) {
    const types = asArray(spec.types);
    const found = [...BOTH].filter(direction =>
      types.some(
        type => typeof type === 'string' && type.toLowerCase() === direction,
      ),
    );
    return found.length > 0 ? new Set(found) : BOTH;
  }
  const has = (direction: string) => asArray(spec[direction]).length > 0;
  if (!has('egress')) return new Set(['ingress']);
  return has('ingress') ? BOTH : new Set(['egress']);
}

/**
 * A NetworkPolicy or GlobalNetworkPolicy of Calico (docs.tigera.io, Resource definitions). A global one that is applied to what
 * nodes forward may touch every pod there, and one of host endpoints whatever uses the node's network.
 */
export function calicoScope({ spec, kind }: KubernetesObject): Scope {
  if (!isJson(spec)) return ANYBODY;
  const isGlobal = kind === 'GlobalNetworkPolicy';
  const { applyOnForward, doNotTrack, preDNAT } = spec;
  if (isGlobal && (applyOnForward || doNotTrack || preDNAT))
    return { ...ANYBODY, directions: directionsOf(spec) };
  const selector = calicoSelector(spec.selector);
  const ofNamespaces = calicoSelector(
    isGlobal ? spec.namespaceSelector : undefined,
  );
  const isAnyNamespace = !asJson(spec).namespaceSelector;
  const ofAccounts: Match = spec.serviceAccountSelector ? 'maybe' : 'yes';
  return {
    directions: directionsOf(spec),
    selects: subject => {
      const { workload, namespaceLabels: known } = subject;
      if (isGlobal && workload.hostNetwork) return 'maybe';
      // A label of the namespace that is not known may be anything.
      if (!known && /\bpcns\./.test(asText(spec.selector) ?? ''))
        return 'maybe';
      const inNamespace =
        isAnyNamespace || known
          ? ofNamespaces(namespaceLabels(workload.namespace, known ?? {}))
          : 'maybe';
      return everyMatch([
        selector(endpointLabels(subject)),
        inNamespace,
        ofAccounts,
      ]);
    },
  };
}
