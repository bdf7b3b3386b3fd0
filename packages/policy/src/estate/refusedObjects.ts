import { ISTIO_SHAPES } from './shapes/istioShapes';
import { groupOf } from './podTemplates';
import { Refusal, isAbsent } from './shapes/shape';
import { KubernetesObject } from './types';

const NONE: readonly Refusal[] = [];
const known = new WeakMap<KubernetesObject, readonly Refusal[]>();

function refuse(object: KubernetesObject, key: string): readonly Refusal[] {
  const { spec, isOptional } = ISTIO_SHAPES[key];
  if (!isAbsent(object.spec)) return spec(object.spec, ['spec']);
  return isOptional ? NONE : [{ path: ['spec'], message: 'is required' }];
}

/**
 * Why the API server would refuse an object of a kind of Istio's that is read by
 * its shape; nothing for others. What is refused is not there: nothing is read from it.
 */
export function refusalsOf(object: KubernetesObject): readonly Refusal[] {
  const key = `${groupOf(object)}/${object.kind}`;
  if (!Object.hasOwn(ISTIO_SHAPES, key)) return NONE;
  let found = known.get(object);
  if (!found) {
    found = refuse(object, key);
    known.set(object, found);
  }
  return found;
}

/** Would the API server take the object, as far as that is known? */
export function isTaken(object: KubernetesObject): boolean {
  return refusalsOf(object).length === 0;
}
