/**
 * A JSON object as a server sent it.
 *
 * @public
 */
export type Json = Readonly<Record<string, unknown>>;

/** @public */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object itself, or an empty one for what is none.
 *
 * @public
 */
export function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** @public */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @public */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The named fields of an object, as far as they are there, in the order of the names. A key such as `__proto__` stays a key. */
export function pick(value: unknown, names: readonly string[]): Json {
  const object = asJson(value);
  return Object.fromEntries(
    names
      .filter(name => Object.hasOwn(object, name))
      .map(name => [name, object[name]]),
  );
}

/** Without fields that have no value. */
export function defined(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  );
}

/** The same object with its keys in order at every level, so that equal objects are equal texts. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, inOrder(value[key])]),
  );
}
