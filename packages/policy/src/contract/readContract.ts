import { asJson } from '../estate/json';
import { fenced } from '../fence';
import { finding, FindingCode } from '../findings';
import { readEntity, unresolvedDefinition } from '../model/readEntity';
import { CatalogEntity } from '../model/types';
import { readYaml } from '../yaml/readYaml';
import { normaliseBasePath } from './basePath';
import { definitionKind } from './definitionKind';
import { readOpenApi } from './readOpenApi';
import { readProtobuf } from './readProtobuf';
import { ApiDefinition, Contract } from './types';
import { entity as entityName, said, type Words } from '../words';

/**
 * The annotation by which an API states the base path that its provider sees.
 *
 * @public
 */
export const BASE_PATH_ANNOTATION = 'callgate.dev/base-path';

/** Larger definitions (32 MiB) are not read: they would hold up everything else. */
const MAX_DEFINITION = 32 * 1024 * 1024;

function unreadable(
  api: ApiDefinition,
  kind: Contract['kind'],
  reason: string,
): Contract {
  return {
    kind,
    readable: false,
    operations: [],
    basePath: undefined,
    defects: [],
    findings: [
      finding(
        'contract-unreadable',
        said`The definition of ${entityName(
          api.ref,
        )} cannot be read: ${reason}`,
        {
          objects: [api.ref],
          api: api.ref,
        },
      ),
    ],
  };
}

type Read = Contract & { basePathProblem?: string };

/** A version as text; people write `3.0` without quotes, and YAML reads the number 3. */
function versionOf(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) ? `${value}.0` : String(value);
  return typeof value === 'string' ? value : '';
}

function readOpenApiText(api: ApiDefinition): Read {
  const reading = readYaml(api.definition);
  if ('problem' in reading) {
    const { message, line } = reading.problem;
    return unreadable(api, 'http', `line ${line}: ${message}`);
  }
  const { value } = reading;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return unreadable(api, 'http', 'it is not an OpenAPI document');
  const { openapi, swagger } = value as Record<string, unknown>;
  if (
    !/^3\.[0-2](?!\d)/.test(versionOf(openapi)) &&
    !/^2(?:\.0+)?$/.test(versionOf(swagger))
  )
    return unreadable(
      api,
      'http',
      'it says neither swagger: "2.0" nor openapi: 3.0, 3.1 or 3.2',
    );
  return readOpenApi(api, value as Record<string, unknown>);
}

/** Beyond this much text the memory is emptied: it saves work, and nothing rests on it. */
const MOST_REMEMBERED = 50_000_000;
let remembered = new Map<string, { api: ApiDefinition; read: Read }>();
let rememberedText = 0;

/** The last reading of each API: definitions change less often than anybody asks about them. */
function readOnce(api: ApiDefinition): Read {
  const known = remembered.get(api.ref);
  if (
    known &&
    known.api.type === api.type &&
    known.api.definition === api.definition
  )
    return known.read;
  if (rememberedText > MOST_REMEMBERED) {
    remembered = new Map();
    rememberedText = 0;
  }
  const read = readOpenApiText(api);
  remembered.set(api.ref, { api, read });
  rememberedText += api.definition.length;
  return read;
}

function withBasePathAnnotation(
  api: ApiDefinition,
  contract: Read,
  annotation: string | undefined,
): Contract {
  const { basePathProblem, ...rest } = contract;
  const complain = (
    message: Words,
    code: FindingCode = 'base-path-ambiguous',
  ): Contract => ({
    ...rest,
    basePath: undefined,
    findings: [
      ...rest.findings,
      finding(code, message, { objects: [api.ref], api: api.ref }),
    ],
  });
  if (annotation !== undefined) {
    const stated = normaliseBasePath(annotation);
    if ('basePath' in stated) return { ...rest, basePath: stated.basePath };
    return complain(
      said`The annotation ${BASE_PATH_ANNOTATION} of ${entityName(
        api.ref,
      )} is no base path: ${stated.problem}`,
    );
  }
  if (basePathProblem !== undefined)
    return complain(
      said`The base path of ${entityName(
        api.ref,
      )} is not clear: ${basePathProblem}`,
    );
  return rest;
}

/** What stands in for a definition whose reader met a form that nobody foresaw. */
const UNFORESEEN = 'it has a form that is not known';

function readDefinition(
  api: ApiDefinition,
  http: boolean,
  annotation: string | undefined,
): Contract {
  if (http) return withBasePathAnnotation(api, readOnce(api), annotation);
  try {
    return readProtobuf(api);
  } catch (error) {
    return unreadable(
      api,
      'grpc',
      error instanceof Error ? error.message : 'not protobuf',
    );
  }
}

/**
 * Reads what an API offers from its definition: `openapi` (2.0, 3.0, 3.1, 3.2 as YAML or JSON) and `grpc` (protobuf), in
 * any spelling that people use for these types. Every other type offers one operation, `port`. Never throws: what cannot
 * be read offers nothing.
 *
 * @param annotations - of the API entity; `callgate.dev/base-path` decides the base path
 * @public
 */
export function readContract(
  api: ApiDefinition,
  annotations: Record<string, string> = {},
): Contract {
  const kind = definitionKind(api);
  if (kind === 'port')
    return {
      kind: 'port',
      readable: true,
      operations: [{ id: 'port', kind: 'port', writes: true }],
      basePath: '',
      findings: [],
      defects: [],
    };
  if (api.definition.length > MAX_DEFINITION)
    return unreadable(
      api,
      kind,
      `it has more than ${MAX_DEFINITION} characters. Leave examples and schemas out of it (operations need neither), or split it into several APIs`,
    );
  return fenced(
    () =>
      readDefinition(api, kind === 'http', annotations[BASE_PATH_ANNOTATION]),
    () => unreadable(api, kind, UNFORESEEN),
  );
}

/**
 * What an API of the catalog offers; nothing where it is not there, or says its type or definition in something that is
 * not text.
 *
 * @public
 */
export function contractOf(
  entity: CatalogEntity | undefined,
  ref: string,
): Contract {
  const { entity: sound, problems } = readEntity(entity ?? {});
  const text = (field: string) => {
    const value = sound?.spec?.[field];
    return typeof value === 'string' ? value : '';
  };
  const api = { ref, type: text('type'), definition: text('definition') };
  const elsewhere = unresolvedDefinition(asJson(entity?.spec).definition);
  const kind = definitionKind(api);
  if (elsewhere !== undefined && kind !== 'port')
    return unreadable(
      api,
      kind,
      `it stands elsewhere (${elsewhere}) and was not put in its place`,
    );
  const odd = problems.find(({ field }) =>
    ['spec', 'spec.type', 'spec.definition'].includes(field),
  );
  return entity && odd
    ? unreadable(api, 'http', `${odd.field} ${odd.text}`)
    : readContract(api, sound?.metadata.annotations ?? {});
}
