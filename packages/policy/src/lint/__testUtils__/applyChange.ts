import { isJson } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { FindingData } from '../../findings';
import { nameOfManifest } from '../notice';

function steps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function stepInto(at: unknown, step: string): unknown {
  if (Array.isArray(at)) return at[Number(step)];
  return isJson(at) ? at[step] : undefined;
}

function applyOperation(root: unknown, operation: FindingData): void {
  if (!isJson(operation)) throw new Error('no operation');
  const path = steps(String(operation.path));
  const last = path.pop() ?? '';
  let at: unknown = root;
  for (const step of path) {
    const next = stepInto(at, step);
    if (next === undefined) throw new Error(`nothing at ${operation.path}`);
    at = next;
  }
  const { op, value } = operation;
  if (Array.isArray(at)) {
    if (op === 'add')
      at.splice(last === '-' ? at.length : Number(last), 0, value);
    else if (op === 'replace') at[Number(last)] = value;
    else at.splice(Number(last), 1);
  } else if (isJson(at)) {
    if (op !== 'add' && !Object.hasOwn(at, last))
      throw new Error(`nothing at ${operation.path}`);
    if (op === 'remove') delete at[last];
    else at[last] = value;
  }
}

/** The objects with the ready change of a finding applied (`data.change`, a JSON Patch). */
export function applyChange(
  objects: readonly ManifestObject[],
  data: FindingData,
): ManifestObject[] {
  const change = isJson(data) ? data.change : undefined;
  if (!isJson(change) || !Array.isArray(change.patch))
    throw new Error('no change');
  return objects.map(({ object, at }) => {
    const copy = { object: structuredClone(object), at };
    if (nameOfManifest(copy) === change.object) {
      for (const operation of change.patch as FindingData[])
        applyOperation(copy.object, operation);
    }
    return copy;
  });
}
