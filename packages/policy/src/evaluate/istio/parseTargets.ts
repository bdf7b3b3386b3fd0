import { asText, isJson } from '../../estate/json';
import { listAt, objectAt } from '../fieldShapes';
import { Problem } from '../selector';
import { PolicyTarget } from './authorizationPolicySpec';
import { Path } from './parseRuleFields';

/** Kinds that Istio attaches policies to, by group (istio `pkg/config/validation`, `validatePolicyTargetReference`). */
const TARGETS: readonly (readonly [group: string, kind: string])[] = [
  ['gateway.networking.k8s.io', 'Gateway'],
  ['gateway.networking.k8s.io', 'GatewayClass'],
  ['networking.istio.io', 'Gateway'],
  ['networking.istio.io', 'ServiceEntry'],
  ['', 'Service'],
];

const MOST_TARGETS = 16;

function parseTarget(
  raw: unknown,
  path: Path,
  problems: Problem[],
): PolicyTarget {
  const object = objectAt(raw, path, problems);
  for (const [field, value] of Object.entries(object)) {
    const isField = ['group', 'kind', 'name', 'namespace'].includes(field);
    const isText =
      value === undefined || value === null || typeof value === 'string';
    if (!isField || !isText)
      problems.push({
        path: [...path, field],
        message: isField ? 'must be text' : 'is no field of a target',
      });
  }
  const stated = asText(object.group) ?? '';
  const group = stated === 'core' ? '' : stated;
  const kind = asText(object.kind) ?? '';
  const name = asText(object.name) ?? '';
  if (name === '')
    problems.push({ path: [...path, 'name'], message: 'must be a name' });
  if (!TARGETS.some(known => known[0] === group && known[1] === kind)) {
    problems.push({
      path,
      message: `must be a Service, ServiceEntry, Gateway or GatewayClass, not "${kind}" of group "${group}"`,
    });
  }
  const namespace = asText(object.namespace);
  if (namespace !== undefined && namespace !== '')
    problems.push({
      path: [...path, 'namespace'],
      message: 'may not be set: a policy targets its own namespace',
    });
  return { group, kind, name, ...(namespace ? { namespace } : {}) };
}

/** Reads `targetRefs`, or the older `targetRef`. */
export function parseTargets(
  spec: Readonly<Record<string, unknown>>,
  problems: Problem[],
): PolicyTarget[] {
  const refs = listAt(spec.targetRefs, ['spec', 'targetRefs'], problems);
  objectAt(spec.targetRef, ['spec', 'targetRef'], problems);
  if (refs.length > 0 && isJson(spec.targetRef))
    problems.push({
      path: ['spec', 'targetRef'],
      message: 'may not stand beside targetRefs',
    });
  if (refs.length > MOST_TARGETS)
    problems.push({
      path: ['spec', 'targetRefs'],
      message: `has more than ${MOST_TARGETS} entries`,
    });
  if (refs.length > 0)
    return refs.map((raw, index) =>
      parseTarget(raw, ['spec', 'targetRefs', index], problems),
    );
  return isJson(spec.targetRef)
    ? [parseTarget(spec.targetRef, ['spec', 'targetRef'], problems)]
    : [];
}
