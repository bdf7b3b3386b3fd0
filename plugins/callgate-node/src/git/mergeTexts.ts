import { diff3Merge } from 'node-diff3';

/**
 * Merges two changes of one text, line by line.
 *
 * @returns the merged text, or `undefined` where both changed the same lines or one of them is not text
 */
export function mergeTexts(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
): string | undefined {
  if (base === undefined || ours === undefined || theirs === undefined) {
    return undefined;
  }
  const lines: string[] = [];
  for (const region of diff3Merge(
    ours.split('\n'),
    base.split('\n'),
    theirs.split('\n'),
    {
      excludeFalseConflicts: true,
    },
  )) {
    if (!region.ok) {
      return undefined;
    }
    lines.push(...region.ok);
  }
  return lines.join('\n');
}
