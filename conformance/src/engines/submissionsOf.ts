import { loadManifests } from '@callgate/policy';
import { Manifest } from '../worlds/types';
import { Submission } from './ApiServer';

/** A line of its own between two documents, as our files have it. */
const BETWEEN = /^---$/m;

/** Every object of generated files with the text of it, so that the server reads what a reader of the file would. */
export function submissionsOf(
  files: readonly { path: string; text: string }[],
): Submission[] {
  return files.flatMap(({ path, text }) => {
    const { objects, findings } = loadManifests([{ path, text }]);
    if (findings.length > 0) throw new Error(findings[0].message);
    const texts = text
      .split(BETWEEN)
      .filter(part => !/^\s*(#.*\s*)*$/.test(part));
    if (texts.length !== objects.length)
      throw new Error(
        `${path} has ${texts.length} documents and ${objects.length} objects`,
      );
    return objects.map(({ object }, index) => ({
      object: object as unknown as Manifest,
      text: texts[index],
    }));
  });
}
