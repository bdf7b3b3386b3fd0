/** @public */
export type Path = ReadonlyArray<string | number>;

/**
 * Writes a path of fields as people do: `spec.ingress[0].from`.
 *
 * @public
 */
export function formatField(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
