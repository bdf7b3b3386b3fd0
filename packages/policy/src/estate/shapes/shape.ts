import { Path } from '../fieldPath';
import { isJson } from '../json';

/** Why the API server would refuse an object. */
export interface Refusal {
  path: Path;
  message: string;
}

/** What a definition asks of one value that is there. */
export type Shape = (value: unknown, at: Path) => Refusal[];

/** A rule on several fields of an object: where it is broken, and what it says. */
export type Rule = (
  value: Readonly<Record<string, unknown>>,
) => { at?: Path; message: string } | undefined;

/** The API server takes fields away that are null: they are as if nobody had written them. */
export const isAbsent = (value: unknown) =>
  value === undefined || value === null;

const refused = (path: Path, message: string): Refusal[] => [{ path, message }];

interface Bounds {
  least?: number;
  most?: number;
}

function isWithin(size: number, { least = 0, most = Infinity }: Bounds) {
  return size >= least && size <= most;
}

function said({ least, most }: Bounds, what: string): string {
  const from = least === undefined ? '' : `at least ${least}`;
  const to = most === undefined ? '' : `at most ${most}`;
  return `must have ${[from, to].filter(Boolean).join(' and ')} ${what}`;
}

/** A text, of as many characters, and as the rule has it. */
export function text(
  bounds: Bounds = {},
  rule?: { is: (value: string) => boolean; message: string },
): Shape {
  return (value, at) => {
    if (typeof value !== 'string') return refused(at, 'must be a text');
    if (value === '' && (bounds.least ?? 0) > 0)
      return refused(at, 'must be a text that is not empty');
    // As the API server counts: characters, not what they are stored in.
    if (!isWithin([...value].length, bounds))
      return refused(at, said(bounds, 'characters'));
    return rule && !rule.is(value) ? refused(at, rule.message) : [];
  };
}

/** One of these words. */
export function oneOf(message: string, ...words: readonly string[]): Shape {
  return (value, at) =>
    typeof value === 'string' && words.includes(value)
      ? []
      : refused(at, message);
}

/** A number, whole or not. */
export function number(
  { least = -Infinity, most = Infinity }: Bounds = {},
  isWhole = true,
  message = 'must be a number in its range',
): Shape {
  return (value, at) =>
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!isWhole || Number.isInteger(value)) &&
    value >= least &&
    value <= most
      ? []
      : refused(at, message);
}

export const port = number({ least: 1, most: 65535 }, true, 'must be a port');

export const flag: Shape = (value, at) =>
  typeof value === 'boolean' ? [] : refused(at, 'must be true or false');

/** A list, also of nothing unless it says how many. */
export function list(of: Shape, bounds: Bounds = {}): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return refused(at, 'must be a list');
    if (!isWithin(value.length, bounds))
      return refused(at, said(bounds, 'entries'));
    return value.flatMap((each: unknown, index) => of(each, [...at, index]));
  };
}

/** Texts by keys of anybody's choice. */
export function map(
  of: Shape,
  bounds: Bounds = {},
  key?: { is: (key: string) => boolean; message: string },
): Shape {
  return (value, at) => {
    if (!isJson(value)) return refused(at, 'must be an object');
    const entries = Object.entries(value).filter(([, each]) => !isAbsent(each));
    if (!isWithin(entries.length, bounds))
      return refused(at, said(bounds, 'entries'));
    return entries.flatMap(([name, each]) =>
      key && !key.is(name)
        ? refused([...at, name], key.message)
        : of(each, [...at, name]),
    );
  };
}

/** An object with these fields; what else it has is taken away, and says nothing. */
export function fields(
  shapes: Readonly<Record<string, Shape>>,
  { required = [], rules = [] }: { required?: string[]; rules?: Rule[] } = {},
): Shape {
  return (value, at) => {
    if (!isJson(value)) return refused(at, 'must be an object');
    const missing = required.filter(
      field => !Object.hasOwn(value, field) || isAbsent(value[field]),
    );
    const broken = Object.entries(shapes).flatMap(([field, shape]) =>
      Object.hasOwn(value, field) && !isAbsent(value[field])
        ? shape(value[field], [...at, field])
        : [],
    );
    const against = rules.flatMap(rule => {
      const found = rule(value);
      if (!found) return [];
      return refused([...at, ...(found.at ?? [])], found.message);
    });
    return [
      ...missing.flatMap(field => refused([...at, field], 'is required')),
      ...broken,
      ...against,
    ];
  };
}

/** No more than one of these fields. */
export function atMostOne(...names: readonly string[]): Rule {
  return value => {
    const there = names.filter(
      name => Object.hasOwn(value, name) && !isAbsent(value[name]),
    );
    return there.length > 1
      ? {
          at: [there[1]],
          message: `and ${there[0]} exclude each other`,
        }
      : undefined;
  };
}
