import { whoIsCut } from '../access/whoIsCut';
import { edgeText, nameOf } from './summarizeEdges';
import type { EdgeSummary, Meaning } from './types';

/**
 * What a meaning says in one line.
 *
 * @param wordsOf - operations of an edge in other words than their labels
 * @param titleOf - what people call an entity, by its ref
 * @param dayOf - a day such as `2027-03-01` as people say it
 * @public
 */
export function meaningText(
  what: Pick<Meaning, 'api' | 'gained' | 'lost' | 'flips'> &
    Partial<Pick<Meaning, 'restored' | 'opened' | 'left' | 'content'>>,
  wordsOf: (edge: EdgeSummary) => readonly string[] = ({ operations }) =>
    operations,
  titleOf: (ref: string) => string = nameOf,
  dayOf: (day: string) => string = day => day,
): string {
  const { api, gained, lost, restored = [], flips, opened = [], left } = what;
  const texts = (edges: readonly EdgeSummary[]) =>
    edges.map(edge => edgeText(edge, wordsOf(edge), titleOf)).join('; ');
  const cut = whoIsCut({ flips, gained, restored }).reduce(
    (sum, { callers }) => sum + callers.length,
    0,
  );
  const parts = [
    gained.length > 0 && `Opens ${texts(gained)}`,
    restored.length > 0 && `restores ${texts(restored)}`,
    lost.length > 0 && `closes ${texts(lost)}`,
    flips.length > 0 &&
      `closes ${titleOf(api)} to everyone else (${
        cut === 1 ? '1 caller is cut' : `${cut} callers are cut`
      })`,
    opened.length > 0 && `opens ${titleOf(api)} to everyone`,
    left === 'closed' && `${titleOf(api)} stays closed to everyone`,
  ].filter((part): part is string => part !== false);
  const text = parts.join('; ') || nothingText(what.content?.until, dayOf);
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Where nobody's access changes, the last day may all the same. */
function nothingText(
  until: string | undefined,
  dayOf: (day: string) => string,
): string {
  if (until === undefined) return 'Changes nobody’s access';
  const day = until === '' ? 'without a last day' : `until ${dayOf(until)}`;
  return `Keeps what is granted ${day}, and changes nobody’s access`;
}
