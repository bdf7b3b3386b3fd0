import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { keyOf } from './ApiServer.mjs';

/** The objects of a YAML file, or of those of a folder, in the order in which they are written. */
export function readObjects(place) {
  const files = fs.statSync(place).isDirectory()
    ? fs
        .readdirSync(place)
        .filter(name => name.endsWith('.yaml'))
        .sort()
        .map(name => path.join(place, name))
    : [place];
  return files.flatMap(file =>
    parseAllDocuments(fs.readFileSync(file, 'utf8')).flatMap(document => {
      if (document.errors.length > 0) {
        throw new Error(`${file}: ${document.errors[0].message}`);
      }
      return document.toJS() ?? [];
    }),
  );
}

/**
 * What of the objects can be applied: namespaces, and what needs them; and what the server has no kind for.
 *
 * @param kinds - those that the server serves, by `apiVersion/kind`
 */
export function inOrder(objects, kinds) {
  const served = objects.filter(object => kinds.has(keyOf(object)));
  const isNamespace = ({ kind }) => kind === 'Namespace';
  return {
    namespaces: served.filter(isNamespace),
    others: served.filter(object => !isNamespace(object)),
    leftOut: objects.filter(object => !kinds.has(keyOf(object))),
  };
}

/** An object by its name, for people. */
export function nameOf({ apiVersion, kind, metadata }) {
  const { namespace, name } = metadata;
  return `${kind} ${namespace ? `${namespace}/` : ''}${name} (${apiVersion})`;
}
