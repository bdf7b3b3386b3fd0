import { Condition } from '../evaluate/types';
import { Finding, finding } from '../findings';
import { endText } from './ends';
import { Endpoint } from './types';

/** A pair with what its access rests on. */
export interface RestingPair {
  from: Endpoint;
  to: Endpoint;
  conditions: readonly Condition[];
}

/** Pairs that a message names; it counts the others. */
const MOST_NAMED = 3;

/**
 * One finding for each object whose patterns are more than can be decided, and
 * one for pairs where it is several objects together.
 *
 * @param where - written before the text: the cluster, where ends do not name it
 */
export function tooComplexFindings(
  pairs: Iterable<RestingPair>,
  where = '',
): Finding[] {
  const reasons = new Map<string, { object?: string; pairs: Set<string> }>();
  for (const { from, to, conditions } of pairs) {
    for (const { kind, text, object } of conditions) {
      if (kind !== 'too-complex') continue;
      const reason = reasons.get(text) ?? { object, pairs: new Set<string>() };
      reason.pairs.add(`${endText(from)} → ${endText(to)}`);
      reasons.set(text, reason);
    }
  }
  return [...reasons]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, { object, pairs: resting }]) => {
      const all = [...resting].sort();
      const named = all.slice(0, MOST_NAMED).join(', ');
      const others = all.length - MOST_NAMED;
      return finding(
        'too-complex',
        `${where}${text} What rests on it is possible, not sure: ${named}${
          others > 0 ? ` and ${others} more` : ''
        }.`,
        {
          objects:
            object === undefined
              ? all.flatMap(pair => pair.split(' → '))
              : [object],
        },
      );
    });
}

/** What the entries of a pair rest on. */
export function restingOn(
  { from, to }: Pick<RestingPair, 'from' | 'to'>,
  ...entries: readonly (readonly { conditions?: readonly Condition[] }[])[]
): RestingPair {
  return {
    from,
    to,
    conditions: entries.flat().flatMap(({ conditions = [] }) => conditions),
  };
}
