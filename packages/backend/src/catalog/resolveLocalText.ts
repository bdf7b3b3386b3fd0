import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  type PlaceholderResolver,
  processingResult,
} from '@backstage/plugin-catalog-node';

/**
 * Reads the file that `$text` names, relative to the catalog file that says so.
 *
 * @throws InputError for a value that is no relative path, and NotAllowedError
 * for one that leads out of the catalog file's folder
 */
export const resolveLocalText: PlaceholderResolver = async params => {
  const { value, baseUrl, resolveUrl, read, emit } = params;
  if (typeof value !== 'string' || !isRelative(value)) {
    throw new InputError('$text needs the relative path of a file.');
  }
  if (!isAbsolute(baseUrl)) {
    const url = resolveUrl(value, baseUrl);
    emit(processingResult.refresh(`url:${url}`));
    return (await read(url)).toString('utf8');
  }
  const file = resolveSafeChildPath(dirname(baseUrl), value);
  emit(processingResult.refresh(`file:${file}`));
  return readFile(file, 'utf8');
};

function isRelative(value: string): boolean {
  return !isAbsolute(value) && !URL.canParse(value);
}
