import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { EdgeEnd } from '../plan/types';

/** Eight characters that tell texts apart which had to be shortened or respelled. */
function shortHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 8);
}

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/**
 * The text itself where it is a DNS label of at most `max` characters; else something readable with a hash of the text, so
 * that two texts never become the same name.
 */
function part(text: string, max: number): string {
  if (text.length <= max && DNS_LABEL.test(text)) return text;
  const readable = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, max - 9)
    .replace(/^-+|-+$/g, '');
  return readable === '' ? shortHash(text) : `${readable}-${shortHash(text)}`;
}

/**
 * The short name of an API in names of files and objects: its name, or, outside the namespace `default`, namespace and name
 * with a hash.
 *
 * @param ref - `api:namespace/name`
 */
export function apiSlug(ref: string): string {
  const [namespace, name] = ref.slice(ref.indexOf(':') + 1).split('/');
  return part(namespace === 'default' ? name : `${namespace}/${name}`, 63);
}

/**
 * Name of an object on a waypoint, about one of its Services or about all of it. No kind of workload holds a hyphen, so that
 * it collides with none of theirs.
 */
export function waypointObjectName(
  api: string,
  about: 'to-service' | 'to-waypoint',
  name: string,
  suffix: string[] = [],
): string {
  return [`callgate-${apiSlug(api)}`, part(name, 63), about, ...suffix].join(
    '.',
  );
}

/**
 * Name of an object about one workload. Parts are separated by dots and hold none, so that no two combinations collide:
 * `callgate-<api>.<workload>[.<kind>][.<suffix>]`, at most 253 characters.
 */
export function objectName(
  api: string | undefined,
  workload: EdgeEnd,
  suffix: string[] = [],
): string {
  const [, kind, name] = workload.id.split('/');
  const parts = [
    api === undefined ? 'callgate' : `callgate-${apiSlug(api)}`,
    part(name, 63),
    ...(kind === 'Deployment' ? [] : [part(kind.toLowerCase(), 63)]),
    ...suffix,
  ];
  return parts.join('.');
}
