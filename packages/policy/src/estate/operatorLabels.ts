import { asLabels, isJson } from './json';
import { groupOf } from './podTemplates';
import { KubernetesObject, Labels } from './types';

const DEEPEST = 8;

function collectLabels(value: unknown, depth: number, found: Labels[]): void {
  if (depth > DEEPEST || !isJson(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'labels') found.push(asLabels(inner));
    else collectLabels(inner, depth + 1, found);
  }
}

/** Labels that an object gives to what is made of it. */
function labelsIn(object: KubernetesObject): Labels[] {
  const found: Labels[] = [];
  collectLabels(object.spec, 1, found);
  return found;
}

/** The registered part of a domain, as far as two labels are it. */
const domain = (text: string) => text.split('.').slice(-2).join('.');

/** Kinds whose name says that they run something. */
const RUNS =
  /(Cluster|Database|Server|Broker|Queue|Cache|Instance|Replica|Set)$/i;

/**
 * The value of a label in which the name of an object is `{name}`, where the
 * key says that it is one: it is of the vendor, names the kind or a cluster, or
 * the kind is one that runs something.
 */
export function named(
  [key, value]: readonly [string, string],
  object: KubernetesObject,
): string | undefined {
  const { kind, metadata } = object;
  const [prefix, word] = key.includes('/') ? key.split('/') : ['', key];
  const isOfVendor =
    prefix.includes('.') && domain(prefix) === domain(groupOf(object));
  // The vendor's own labels tell parts of one object apart: `strimzi.io/name: orders-kafka`.
  if (isOfVendor && value.startsWith(`${metadata.name}-`))
    return `{name}${value.slice(metadata.name.length)}`;
  const saysSo =
    isOfVendor ||
    RUNS.test(kind) ||
    word === kind.toLowerCase() ||
    /(^|[-_.])cluster([-_.]|$)/.test(word);
  return value === metadata.name && saysSo ? '{name}' : undefined;
}

/** Says of labels whether an object looks as if its operator made pods with them. */
export function explains(
  object: KubernetesObject,
): (wanted: Labels) => boolean {
  const given = labelsIn(object);
  return wanted => {
    const entries = Object.entries(wanted);
    return (
      entries.some(entry => named(entry, object) !== undefined) ||
      given.some(labels =>
        entries.every(([key, value]) => labels[key] === value),
      )
    );
  };
}
