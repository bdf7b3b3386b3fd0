import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  CatalogEntity,
  loadManifests,
  parsePlatformProfile,
  PlatformProfile,
  readYamlDocuments,
  SourceFile,
} from '@callgate/policy';
import { Manifest } from '../worlds/types';

/** What Callgate generated before: an import is about what people wrote. */
const GENERATED = /^callgate-/;

function filesAt(path: string): SourceFile[] {
  if (statSync(path).isDirectory())
    return readdirSync(path)
      .sort()
      .flatMap(name => filesAt(join(path, name)));
  if (!/\.ya?ml$/.test(path) || GENERATED.test(basename(path))) return [];
  const shown = relative(resolve(__dirname, '../../..'), path);
  return [{ path: shown, text: readFileSync(path, 'utf8') }];
}

/** Manifests of files and folders, none of them left out. */
export function readManifests(paths: readonly string[]) {
  const { objects, findings } = loadManifests(paths.flatMap(filesAt));
  if (findings.length > 0) throw new Error(findings[0].message);
  return objects;
}

/** Objects without where they were read. */
export function objectsOf(
  manifests: ReturnType<typeof readManifests>,
): Manifest[] {
  return manifests.map(({ object }) => object as unknown as Manifest);
}

/** Entities of files and folders; a definition that is a file is read from beside them, else from the folder `definitions`. */
export function readEntities(
  paths: readonly string[],
  definitions?: string,
): CatalogEntity[] {
  return paths.flatMap(filesAt).flatMap(file =>
    readYamlDocuments(file).flatMap(document => {
      const entity =
        'value' in document ? (document.value as CatalogEntity) : undefined;
      if (!entity?.apiVersion?.startsWith('backstage.io/')) return [];
      const { $text } = (entity.spec?.definition ?? {}) as { $text?: string };
      if ($text === undefined) return [entity];
      const root = resolve(__dirname, '../../..');
      const beside = resolve(root, dirname(file.path), $text);
      const path =
        definitions === undefined || existsSync(beside)
          ? beside
          : join(definitions, basename($text));
      return [
        {
          ...entity,
          spec: { ...entity.spec, definition: readFileSync(path, 'utf8') },
        },
      ];
    }),
  );
}

/** A platform profile that has no mistake. */
export function readProfile(path: string): PlatformProfile {
  const [file] = filesAt(path);
  const { profile, findings } = parsePlatformProfile(file);
  if (!profile) throw new Error(`${file.path}: ${findings[0]?.message}`);
  return profile;
}
