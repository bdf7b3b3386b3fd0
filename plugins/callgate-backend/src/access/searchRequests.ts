import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { RequestEnds, RequestSearch } from '../database/AccessStore';
import type { LabelOf } from './views/Labels';

const MOST_WORDS = 10;
const MOST_NUMBER = 2_147_483_647;

/**
 * What somebody looks for, by what they may see: an end is found by its ref and its title unless it is hidden from them, and
 * what people wrote about a hidden caller is not found at all.
 */
export function searchFor(
  text: string,
  ends: RequestEnds,
  labelOf: LabelOf,
  reader: string,
): RequestSearch {
  const named = (refs: readonly string[]) =>
    refs.map(ref => ({ ref, label: labelOf(ref) }));
  const apis = named(ends.apis);
  const callers = named(ends.callers);
  const people = named(ends.people);
  const hit = (of: typeof apis, word: string) =>
    of
      .filter(({ ref, label }) => isNamed(ref, label, word))
      .map(({ ref }) => ref);
  return {
    words: wordsIn(text).map(word => ({
      text: word,
      ...numberIn(word),
      apis: hit(apis, word),
      callers: hit(callers, word),
      people: hit(people, word),
    })),
    secretive: {
      callers: callers
        .filter(({ label }) => label.state === 'hidden')
        .map(({ ref }) => ref),
      exceptRequestedBy: reader,
    },
  };
}

function wordsIn(text: string): string[] {
  return text
    .toLocaleLowerCase('en-US')
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, MOST_WORDS);
}

/** `#12` and `12` are the number of a request as well. */
function numberIn(word: string): { number?: number } {
  const digits = /^#?(\d{1,10})$/.exec(word)?.[1];
  const number = Number(digits);
  return digits !== undefined && number <= MOST_NUMBER ? { number } : {};
}

function isNamed(ref: string, label: EntityLabel, word: string): boolean {
  return (
    label.state !== 'hidden' &&
    [ref, label.title ?? ''].some(name =>
      name.toLocaleLowerCase('en-US').includes(word),
    )
  );
}
