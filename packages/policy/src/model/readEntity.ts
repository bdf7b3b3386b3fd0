import { showText } from '../estate/identityProblem';
import { asJson, isJson } from '../estate/json';
import { fenced } from '../fence';
import { Finding, finding } from '../findings';
import { sizeProblem } from '../yaml/limits';
import { entityRefOf } from './entity';
import { CatalogEntity } from './types';

/** A field of an entity that is not what its place asks for. */
export interface EntityProblem {
  /** such as `metadata.annotations.callgate.dev/port` */
  field: string;
  /** follows the field in a sentence */
  text: string;
}

/**
 * An entity whose every field has the type that it says, and what had to be left out for that.
 */
export interface ReadEntity {
  /** absent where kind, namespace or name cannot be told */
  entity?: CatalogEntity;
  problems: readonly EntityProblem[];
}

/** Annotations that say something about access. Those of others are theirs. */
const READ_ANNOTATION = /^(?:callgate\.dev\/|backstage\.io\/kubernetes-)/;

/** Kinds whose `spec` is read. */
const READ_KINDS = new Set([
  'api',
  'component',
  'resource',
  'system',
  'domain',
  'group',
  'user',
]);

const TEXTS = [
  'type',
  'lifecycle',
  'definition',
  'owner',
  'system',
  'domain',
  'subdomainOf',
];
const LISTS = ['providesApis', 'consumesApis', 'dependsOn'];

const isText = (value: unknown): value is string => typeof value === 'string';

/** The placeholder of Backstage that stands for a definition, where nobody resolved it: `$openapi: ./orders.yaml`. */
export function unresolvedDefinition(definition: unknown): string | undefined {
  const [key, target] =
    Object.entries(asJson(definition)).find(([name]) => name.startsWith('$')) ??
    [];
  return key !== undefined && isText(target)
    ? showText(`${key}: ${target}`).slice(1, -1)
    : undefined;
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** Reads one entity, and keeps what does not fit. */
class Reading {
  readonly problems: EntityProblem[] = [];

  complain(field: string, text: string): undefined {
    this.problems.push({ field, text });
    return undefined;
  }

  text(value: unknown, field: string): string | undefined {
    if (!isGiven(value)) return undefined;
    return isText(value) ? value : this.complain(field, 'is not text');
  }

  texts(value: unknown, field: string): string[] | undefined {
    if (!isGiven(value)) return undefined;
    if (!Array.isArray(value)) return this.complain(field, 'is not a list');
    const texts = value.filter(isText);
    if (texts.length < value.length)
      this.complain(field, 'has an item that is not text');
    return texts;
  }

  /** @param matters - keys whose value must be text; others are left out without a word */
  map(
    value: unknown,
    field: string,
    matters: (key: string) => boolean,
  ): Record<string, string> | undefined {
    if (!isGiven(value)) return undefined;
    if (!isJson(value)) return this.complain(field, 'is not a map of texts');
    const entries = Object.entries(value).filter(([key, text]) => {
      if (!isText(text) && matters(key))
        this.complain(`${field}.${key}`, 'is not text');
      return isText(text);
    });
    return Object.fromEntries(entries) as Record<string, string>;
  }

  spec(value: unknown, kind: string): Record<string, unknown> | undefined {
    if (!isGiven(value)) return undefined;
    if (!isJson(value)) return this.complain('spec', 'is not an object');
    const spec: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      const tooLarge = sizeProblem(field);
      // Written with a definition: a field by the name of `__proto__` is a field like any other.
      if (tooLarge) this.complain(`spec.${key}`, tooLarge);
      else
        Object.defineProperty(spec, key, {
          value: field,
          configurable: true,
          enumerable: true,
          writable: true,
        });
    }
    if (!READ_KINDS.has(kind)) return spec;
    // It is the definition that lacks, and whoever needs that says so.
    if (unresolvedDefinition(spec.definition)) spec.definition = '';
    for (const field of TEXTS) {
      if (Object.hasOwn(spec, field))
        spec[field] = this.text(spec[field], `spec.${field}`);
    }
    for (const field of LISTS) {
      const found = Object.hasOwn(spec, field) ? spec[field] : undefined;
      // The catalog takes one reference for a list of one.
      if (isGiven(found) && !isText(found))
        spec[field] = this.texts(found, `spec.${field}`);
    }
    return spec;
  }

  relations(value: unknown): CatalogEntity['relations'] {
    if (!isGiven(value)) return undefined;
    if (!Array.isArray(value))
      return this.complain('relations', 'is not a list');
    const relations = value.flatMap((relation: unknown) => {
      const { type, targetRef } = asJson(relation);
      return isText(type) && isText(targetRef) ? [{ type, targetRef }] : [];
    });
    if (relations.length < value.length)
      this.complain('relations', 'has an item without type and targetRef');
    return relations;
  }
}

function readAnew(raw: unknown): ReadEntity {
  const reading = new Reading();
  const { apiVersion, kind, metadata, spec, relations } = asJson(raw);
  const meta = asJson(metadata);
  const namespace = reading.text(meta.namespace, 'metadata.namespace');
  if (!isText(kind)) reading.complain('kind', 'is not text');
  if (!isText(meta.name)) reading.complain('metadata.name', 'is not text');
  // Another namespace than the one that was meant would be another entity.
  if (!isText(kind) || !isText(meta.name) || reading.problems.length > 0)
    return { problems: reading.problems };
  const all = () => true;
  const title = reading.text(meta.title, 'metadata.title');
  const annotations = reading.map(
    meta.annotations,
    'metadata.annotations',
    key => READ_ANNOTATION.test(key),
  );
  const labels = reading.map(meta.labels, 'metadata.labels', all);
  const tags = reading.texts(meta.tags, 'metadata.tags');
  const own = reading.spec(spec, kind.toLowerCase());
  const related = reading.relations(relations);
  return {
    entity: {
      apiVersion: isText(apiVersion) ? apiVersion : '',
      kind,
      metadata: {
        name: meta.name,
        ...(namespace !== undefined && { namespace }),
        ...(title !== undefined && { title }),
        ...(annotations && { annotations }),
        ...(labels && { labels }),
        ...(tags && { tags }),
      },
      ...(own && { spec: own }),
      ...(related && { relations: related }),
    },
    problems: reading.problems,
  };
}

/** By the entities that came out: these are not read again, and keep what was left out of them. */
const known = new WeakMap<object, ReadEntity>();

/**
 * Reads an entity as if nothing were known about it: types are promises of whoever sent it. What does not fit is left out
 * and named; for an entity that was read before, the same as then.
 */
export function readEntity(raw: unknown): ReadEntity {
  const before =
    typeof raw === 'object' && raw !== null ? known.get(raw) : undefined;
  if (before) return before;
  const read = fenced(
    () => readAnew(raw),
    (): ReadEntity => ({
      problems: [{ field: 'the entity', text: 'has a form that is not known' }],
    }),
  );
  if (read.entity) known.set(read.entity, read);
  return read;
}

function nameOf(raw: unknown): string {
  const told = fenced(
    () => {
      const { kind, metadata } = asJson(raw);
      return [kind, asJson(metadata).name].filter(isText);
    },
    () => [],
  );
  return told.length > 0
    ? told.map(text => text.slice(0, 63)).join(' ')
    : 'without kind and name';
}

/** What is wrong with an entity, one finding a field. */
export function entityFindings(raw: unknown, read: ReadEntity): Finding[] {
  const ref = read.entity && entityRefOf(read.entity);
  return read.problems.map(({ field, text }) =>
    finding(
      'input-unreadable',
      ref === undefined
        ? `An entity of the catalog (${nameOf(
            raw,
          )}) is left out: ${field} ${text}`
        : `${field} of ${ref} cannot be read: it ${text}`,
      {
        objects: [ref ?? nameOf(raw)],
        ...(ref?.startsWith('api:') && { api: ref }),
      },
    ),
  );
}

/**
 * The entities of a catalog as the core reads them: every field has the type that it says, what does not fit is left out,
 * and so is an entity whose kind, namespace or name cannot be told.
 *
 * @returns the entities, and what was left out, which {@link compile} says of these entities again
 * @public
 */
export function readEntities(catalog: readonly unknown[]): {
  entities: CatalogEntity[];
  findings: Finding[];
} {
  const read = catalog.map(raw => ({ raw, ...readEntity(raw) }));
  return {
    entities: read.flatMap(({ entity }) => entity ?? []),
    findings: read.flatMap(each => entityFindings(each.raw, each)),
  };
}
