import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments, visit } from 'yaml';

/**
 * The entities of the catalog files of a folder, with every `$text` replaced by what the file has: Backstage does not
 * read `$text` beside files on disk. Locations are left out, since all of it becomes one file.
 *
 * @returns YAML documents
 */
export function inlineCatalog(folder) {
  return fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .flatMap(name =>
      parseAllDocuments(fs.readFileSync(path.join(folder, name), 'utf8')),
    )
    .filter(document => document.get('kind') !== 'Location')
    .map(document => {
      visit(document, {
        Map(_, node) {
          const file = node.get('$text');
          return file === undefined
            ? undefined
            : document.createNode(
                fs.readFileSync(path.join(folder, file), 'utf8'),
              );
        },
      });
      document.commentBefore = undefined;
      return document.toString({ blockQuote: 'literal', lineWidth: 0 });
    })
    .map(text => `---\n${text.replace(/^---\n/, '')}`)
    .join('');
}
