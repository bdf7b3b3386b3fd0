import { asArray, asJson, fieldAt } from './json';
import type { ManifestObject, Workload } from './types';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** Where the kinds of a pod template keep its spec. */
export const TEMPLATE_SPECS = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
  [],
];

/** Probes of some kinds (by default those that a certificate would be asked of), with the port that they go to. */
export function probesOf(
  { object }: ManifestObject,
  workload: Workload,
  kinds: readonly string[] = ['httpGet', 'grpc'],
): { name: string; port?: number }[] {
  const template = TEMPLATE_SPECS.map(path =>
    path.length === 0 ? object : fieldAt(object, path.join('.')),
  ).find(each => asArray(fieldAt(each, 'spec.containers')).length > 0);
  return asArray(fieldAt(template, 'spec.containers')).flatMap(container =>
    PROBES.flatMap(name => {
      const probe = asJson(asJson(container)[name]);
      const call = kinds.map(kind => probe[kind]).find(each => each);
      if (call === undefined) return [];
      const stated = asJson(call).port;
      const port =
        typeof stated === 'number'
          ? stated
          : workload.containerPorts.find(each => each.name === stated)?.port;
      return [{ name, ...(port === undefined ? {} : { port }) }];
    }),
  );
}
