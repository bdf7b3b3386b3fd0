import { StatedPods } from '../profile/WorkloadKind';
import { asLabels, fieldAt } from './json';
import type { PodTemplate } from './podTemplates';
import { KubernetesObject } from './types';

/** The pods that an operator makes for an object, as the profile states them. */
export function statedPods(
  object: KubernetesObject,
  { labels, labelsPath, serviceAccount, ports = [] }: StatedPods,
): PodTemplate {
  const filled = (text: string) =>
    text.replaceAll('{name}', () => object.metadata.name);
  return {
    labels: {
      ...Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [key, filled(value)]),
      ),
      ...(labelsPath === undefined
        ? {}
        : asLabels(fieldAt(object, labelsPath))),
    },
    annotations: {},
    serviceAccount: filled(serviceAccount),
    hostNetwork: false,
    ports: ports.map(port => ({ ...port })),
  };
}
