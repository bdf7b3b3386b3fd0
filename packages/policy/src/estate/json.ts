/** Plain object of unknown content. */
export type Json = Record<string, unknown>;

/** True for objects that are neither arrays nor `null`. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or an empty one. */
export function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** The value as an array, or an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text that is not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A value of any type as it is compared and told. Objects need not have a `toString`: fields of YAML may be called that. */
export function asKey(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : String(value);
}

/** A number, or the one that a text says; NaN for everything else, also for objects, which need not turn into either. */
export function asNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string'
    ? Number(value)
    : NaN;
}

/** Only the entries whose value is text: the API server takes no others as labels. */
export function asLabels(value: unknown): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const [key, text] of Object.entries(asJson(value))) {
    if (typeof text === 'string') labels[key] = text;
  }
  return labels;
}

/** Follows a dotted path of fields. */
export function fieldAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const step of path.split('.')) {
    if (!isJson(at)) return undefined;
    at = at[step];
  }
  return at;
}
