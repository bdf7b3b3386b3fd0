/** Longest text that people write (reasons, descriptions), in UTF-16 units. */
export const MAX_TEXT = 4000;

/** Longest file of one AccessPolicy, in UTF-16 units. */
export const MAX_POLICY_FILE = 4 * 1024 * 1024;

// Controls other than tab and line ends, what reverses the reading direction, byte order marks and lone surrogates: a
// reviewer would not see what is there.
const HIDDEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;
const LONE_SURROGATE =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/;

/** True when a text holds characters that a reader would not see. */
export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text) || LONE_SURROGATE.test(text);
}
