import { sizeProblem } from './limits';

/**
 * The value of a text that is JSON as `JSON.stringify` writes it, but for ends of lines between values; nothing for any other. Such a
 * text can be read in one way only: no key is there twice, and what would be a merge key, an anchor or an alias of YAML, or a mark of
 * byte order, is in quotes and means itself. Readers of clusters write such texts, of objects in which anybody may have put any of these.
 */
export function readCompactJson(text: string): { value: unknown } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // First: what is too deep cannot be written either.
    if (sizeProblem(value) !== undefined) return undefined;
    // No string of JSON has an end of line in it.
    return JSON.stringify(value) === text.replaceAll('\n', '')
      ? { value }
      : undefined;
  } catch {
    return undefined;
  }
}
