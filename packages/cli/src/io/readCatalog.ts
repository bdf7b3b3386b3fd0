import { dirname, resolve } from 'node:path';
import {
  readYamlDocuments,
  type CatalogEntity,
  type SourceFile,
} from '@callgate/policy';
import { UsageError } from '../UsageError';
import { readSourceFiles } from './readSourceFiles';
import { readTextFile } from './readTextFile';

/** Backstage's placeholders for text in another file, those of its module for definitions among them. */
const PLACEHOLDERS = ['$text', '$yaml', '$json', '$openapi', '$asyncapi'];

/**
 * Reads Backstage entities from files and folders. Documents of other kinds are
 * passed over. A `definition: { $text: ./file }` is read from that file, as
 * Backstage does. A URL is not fetched, and placeholders of others are not known:
 * they stay, and are reported as what they are where operations are granted.
 */
export function readCatalog(
  paths: readonly string[],
  cwd: string,
): CatalogEntity[] {
  return readSourceFiles(paths, { cwd, option: '--catalog' }).flatMap(file =>
    readEntities(file, cwd),
  );
}

function readEntities(file: SourceFile, cwd: string): CatalogEntity[] {
  const entities: CatalogEntity[] = [];
  for (const document of readYamlDocuments(file)) {
    if ('problem' in document) {
      // Perhaps a definition: who refers to it finds out what is wrong with it.
      if (!looksLikeEntities(document.text)) continue;
      const { message, line, column } = document.problem;
      throw new UsageError(
        `${file.path}:${line}:${column} is not YAML (${message}); correct it, or name other files with --catalog`,
      );
    }
    const { value } = document;
    if (isEntity(value)) {
      entities.push(withDefinition(value, file, cwd));
    }
  }
  return entities;
}

function looksLikeEntities(text: string): boolean {
  return /^\s*"?apiVersion"?\s*:\s*["']?backstage\.io\//m.test(text);
}

function isEntity(value: unknown): value is CatalogEntity {
  return (
    isRecord(value) &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion.startsWith('backstage.io/') &&
    typeof value.kind === 'string' &&
    isRecord(value.metadata) &&
    typeof value.metadata.name === 'string'
  );
}

function withDefinition(
  entity: CatalogEntity,
  file: SourceFile,
  cwd: string,
): CatalogEntity {
  const definition = entity.spec?.definition;
  if (!isRecord(definition)) {
    return entity;
  }
  const key = PLACEHOLDERS.find(name => typeof definition[name] === 'string');
  const target = key === undefined ? '' : String(definition[key]);
  if (key === undefined || /^[a-z][a-z0-9+.-]*:/i.test(target)) {
    return entity;
  }
  const path = resolve(cwd, dirname(file.path), target);
  try {
    return {
      ...entity,
      spec: {
        ...entity.spec,
        definition: readTextFile(path, target, '--catalog'),
      },
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `${file.path}: the definition of ${entity.metadata.name} is in ${target}, which cannot be read (${error.message}); correct the path`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
