import type { PullRequestComment } from '@callgate/plugin-callgate-node';
import type { ForgeComment } from '../database/DatabaseForgeComments';
import { plain } from '../proposals/markdown';

/** So many characters of one are kept; the rest is on the forge. */
const LONGEST = 4_000;
const LONGEST_NAME = 200;
const LONGEST_PLACE = 2_000;

/** Controls but line breaks and tabs, what has no form or changes the direction, and halves of characters. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu;

/**
 * What somebody said, as text that can be shown: whatever it is meant to be on the forge, here it is no markup and names nobody.
 *
 * @returns undefined for what has no moment or no name
 */
export function toForgeComment(
  { by, at, text, decision, file, url }: PullRequestComment,
  known: Pick<ForgeComment, 'key' | 'forge' | 'number'>,
): ForgeComment | undefined {
  const moment = Date.parse(at);
  const name = plain(by, LONGEST_NAME);
  if (!Number.isFinite(moment) || name === '') return undefined;
  const whole = [...readable(text)];
  const cut = whole.length > LONGEST;
  return {
    ...known,
    by: name,
    text: cut ? `${whole.slice(0, LONGEST - 1).join('')}…` : whole.join(''),
    cut,
    ...(decision && { decision }),
    ...(file !== undefined && { file: plain(file, LONGEST_PLACE) }),
    ...(url !== undefined && isPage(url) && { link: url }),
    at: moment,
  };
}

function readable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(INVISIBLE, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A link that does nothing but lead somewhere. */
function isPage(url: string): boolean {
  if (url.length > LONGEST_PLACE || !URL.canParse(url)) return false;
  return ['https:', 'http:'].includes(new URL(url).protocol);
}
