import { InputError } from '@backstage/errors';

/** Control characters, and those that are not seen or turn the direction of text. */
const CONTROL = /[\p{Cc}\p{Cf}]/u;
const RESERVED = /^(\.git|git~\d+)[ .]*$/i;

/**
 * Refuses a path that could leave the repository or be read as another one: names from people end up in paths.
 * Git's own rules (`verify_path` in read-cache.c) and those of file systems that fold case and drop trailing dots.
 *
 * @returns the path, unchanged
 * @throws InputError
 * @public
 */
export function checkRepositoryPath(path: string): string {
  const refuse = (why: string) =>
    new InputError(
      `The path ${JSON.stringify(
        path,
      )} cannot be used in the policy repository: ${why}`,
    );
  if (path.length === 0 || path.length > 1024) {
    throw refuse('it must have 1 to 1,024 characters');
  }
  if (CONTROL.test(path) || path.includes('\\')) {
    throw refuse('it has a control character or a backslash');
  }
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') {
      throw refuse('it has an empty segment, "." or ".."');
    }
    if (RESERVED.test(segment)) {
      throw refuse('".git" is reserved');
    }
    if (/[ .]$/.test(segment)) {
      throw refuse('a segment ends with a dot or a space');
    }
  }
  return path;
}
