/** Longest text that people write (reasons, descriptions), in UTF-16 units. */
export const MAX_TEXT = 4000;

/** Longest file of one AccessPolicy, in UTF-16 units. */
export const MAX_POLICY_FILE = 4 * 1024 * 1024;

/**
 * Code points that a reviewer would not see or that reorder what is seen: controls other than tab and line ends, marks of
 * reading direction, byte order marks, surrogates without their other half.
 */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
];

/**
 * True when a text holds characters that a reader would not see.
 *
 * @public
 */
export function hasHiddenCharacters(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (HIDDEN.some(([first, last]) => code >= first && code <= last))
      return true;
  }
  return false;
}
