import { asArray, asJson, asLabels } from './json';
import { groupKindOf } from './readWorkloads';
import { KubernetesObject, Labels } from './types';

const isEmpty = (labels: Labels) => Object.keys(labels).length === 0;

/** What a selector of labels asks for; nothing where it has conditions of another form too. */
function labelsOf(selector: unknown): Labels[] {
  const { matchLabels, matchExpressions } = asJson(selector);
  const labels = asLabels(matchLabels);
  return asArray(matchExpressions).length > 0 || isEmpty(labels)
    ? []
    : [labels];
}

/** Labels of pods of an object's own namespace that the object means. */
export function podSelectorsOf(object: KubernetesObject): Labels[] {
  const spec = asJson(object.spec);
  switch (groupKindOf(object)) {
    case '/Service': {
      const labels = asLabels(spec.selector);
      return isEmpty(labels) ? [] : [labels];
    }
    case 'networking.k8s.io/NetworkPolicy':
      return [
        ...labelsOf(spec.podSelector),
        ...[...asArray(spec.ingress), ...asArray(spec.egress)]
          .map(asJson)
          .flatMap(({ from, to }) => [...asArray(from), ...asArray(to)])
          .map(asJson)
          .filter(peer => peer.namespaceSelector === undefined)
          .flatMap(peer => labelsOf(peer.podSelector)),
      ];
    case 'security.istio.io/AuthorizationPolicy':
    case 'security.istio.io/PeerAuthentication':
    case 'security.istio.io/RequestAuthentication':
      return labelsOf(spec.selector);
    default:
      return [];
  }
}
