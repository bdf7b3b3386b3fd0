import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadManifests } from '../estate/loadManifests';
import { placesOf, Way } from './lies';

const TESTDATA = resolve(__dirname, '../../testdata');

/** A field of an object, with the other objects of its case. */
export interface ManifestField {
  object: object;
  place: Way;
  among: readonly object[];
}

function manifestsOf(name: string): object[] {
  return ['estate', 'expected'].flatMap(folder => {
    const path = join(TESTDATA, name, folder);
    if (!existsSync(path)) return [];
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.yaml'))
      .sort()
      .map(file => ({
        path: file,
        text: readFileSync(join(path, file), 'utf8'),
      }));
    return loadManifests(files).objects.map(({ object }) => object);
  });
}

/** Every field that any object of testdata/ has, each at the first object of its kind that has it. */
export function fieldsOfManifests(): ManifestField[] {
  const fields = new Map<string, ManifestField>();
  const cases = readdirSync(TESTDATA, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  for (const name of cases) {
    const objects = manifestsOf(name);
    for (const object of objects) {
      for (const place of placesOf(object)) {
        // Which item of a list it is makes no difference, and neither does the name of a label.
        const field = place
          .map(key => (/^[0-9]+$|[./]|^app$/.test(key) ? '*' : key))
          .join('.');
        const key = `${(object as { kind?: string }).kind} ${field}`;
        if (!fields.has(key))
          fields.set(key, {
            object,
            place,
            among: objects.filter(each => each !== object),
          });
      }
    }
  }
  return [...fields.values()];
}
