const FENCES = /^ *```[^]*?^ *```$/gm;
const CODE = /`[^`\n]*`/g;

/**
 * Links and pictures of a page of Markdown that lead somewhere in the same repository.
 *
 * @param text - the page; what is in code is no link
 * @returns the targets in their order, as they are written
 */
export function linksOf(text) {
  return [
    ...text
      .replace(FENCES, '')
      .replace(CODE, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => target)
    .filter(target => !/^(https?:|mailto:)/.test(target));
}

/**
 * Names by which headings of a page are linked: lower case, without punctuation, with dashes for spaces, which is where
 * forges and Python-Markdown agree.
 *
 * @param text - the page
 */
export function headingsOf(text) {
  return new Set(
    [...text.replace(FENCES, '').matchAll(/^#{1,6} (.+)$/gm)].map(
      ([, heading]) =>
        heading
          .replace(/\]\([^)]*\)/g, ']')
          .toLowerCase()
          .replace(/\b_|_\b/g, '')
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .trim()
          .replace(/ /g, '-'),
    ),
  );
}
