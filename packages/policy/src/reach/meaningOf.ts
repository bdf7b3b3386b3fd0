import { asKey } from '../estate/json';
import { ManifestObject } from '../estate/types';

/** Text of an object, made once: two objects that were read from the same text are often not the same. */
const texts = new WeakMap<object, string>();

/** An object as text. */
export function textOf(value: object): string {
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}

/** What a policy means does not depend on its name, nor on who wrote it. */
export function meaningOf({ object }: ManifestObject): string {
  const { spec, metadata } = object;
  return `${object.apiVersion} ${metadata.namespace} ${asKey(
    metadata.creationTimestamp,
  )} ${JSON.stringify(metadata.annotations)} ${
    typeof spec === 'object' && spec !== null ? textOf(spec) : ''
  }`;
}
