import { asArray, asJson, isJson, Json } from '../estate/json';
import { Problem } from './selector';

type Path = (string | number)[];

const isAbsent = (value: unknown) => value === undefined || value === null;

/** The value as an object; anything else that is there is a problem. `null` is as good as nothing to the API server. */
export function objectAt(
  value: unknown,
  path: Path,
  problems: Problem[],
): Json {
  if (!isAbsent(value) && !isJson(value))
    problems.push({ path, message: 'must be an object' });
  return asJson(value);
}

/** The value as a list; anything else that is there is a problem. */
export function listAt(
  value: unknown,
  path: Path,
  problems: Problem[],
): readonly unknown[] {
  if (!isAbsent(value) && !Array.isArray(value))
    problems.push({ path, message: 'must be a list' });
  return asArray(value);
}
