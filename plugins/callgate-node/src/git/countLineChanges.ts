import { diffIndices } from 'node-diff3';

/**
 * How many lines a change adds and removes.
 *
 * @public
 */
export function countLineChanges(
  before: string,
  after: string,
): { additions: number; deletions: number } {
  let additions = 0;
  let deletions = 0;
  for (const change of diffIndices(lines(before), lines(after))) {
    deletions += change.buffer1[1];
    additions += change.buffer2[1];
  }
  return { additions, deletions };
}

/** A line end at the end of the text begins no further line. */
function lines(text: string): string[] {
  const parts = text.split('\n');
  return parts[parts.length - 1] === '' ? parts.slice(0, -1) : parts;
}
