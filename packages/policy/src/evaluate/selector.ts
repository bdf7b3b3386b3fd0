import { asJson, isJson } from '../estate/json';
import {
  Match,
  PodLabels,
  everyMatch,
  hasLabel,
  hasOneOf,
  notMatch,
} from '../estate/podLabels';
import { Labels } from '../estate/types';
import { listAt, objectAt } from './fieldShapes';

/** A field that its API would not accept, with its path inside the object. */
export interface Problem {
  path: (string | number)[];
  message: string;
}

interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: readonly string[];
}

/** A label selector, compiled. */
export interface Selector {
  /** Equal selectors have equal keys. */
  key: string;
  /** Labels that must be equal: what an index can look up. */
  equal: readonly (readonly [string, string])[];
  matches(labels: Labels): boolean;
  /** Of a workload's pods: all, none, or some. */
  matchesPods(pods: PodLabels): Match;
}

const NAME_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const DNS_PREFIX =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return NAME_PART.test(key);
  const prefix = key.slice(0, slash);
  return (
    prefix.length <= 253 &&
    DNS_PREFIX.test(prefix) &&
    NAME_PART.test(key.slice(slash + 1))
  );
}

function isLabelValue(value: string): boolean {
  return value === '' || NAME_PART.test(value);
}

function holds(
  { key, operator, values }: Requirement,
  labels: Labels,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      // As Kubernetes reads it: an absent label is not in the list.
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function holdsFor(
  { key, operator, values }: Requirement,
  pods: PodLabels,
): Match {
  switch (operator) {
    case 'In':
      return hasOneOf(pods, key, values);
    case 'NotIn':
      return notMatch(hasOneOf(pods, key, values));
    case 'Exists':
      return hasLabel(pods, key);
    default:
      return notMatch(hasLabel(pods, key));
  }
}

/** Beyond this many the memory is emptied: it saves work, and nothing rests on it. */
const MOST_SIMPLE = 200_000;
let simple = new Map<string, Selector>();

/**
 * The selector that asks for one label, which is what most selectors do: made
 * once, however many policies have it. `undefined` for every other one, and
 * for what the API server would reject.
 */
function simpleSelector(raw: unknown): Selector | undefined {
  if (!isJson(raw)) return undefined;
  const { matchLabels } = raw;
  if (!isJson(matchLabels)) return undefined;
  if (Object.keys(raw).length !== 1) return undefined;
  const [label, ...others] = Object.keys(matchLabels);
  if (label === undefined || others.length > 0) return undefined;
  const value = matchLabels[label];
  if (typeof value !== 'string') return undefined;
  const memoKey = `${label}=${value}`;
  const known = simple.get(memoKey);
  if (known) return known;
  if (!isLabelKey(label) || !isLabelValue(value)) return undefined;
  const selector: Selector = {
    key: JSON.stringify([[[label, value]], []]),
    equal: [[label, value]],
    matches: labels => Object.hasOwn(labels, label) && labels[label] === value,
    matchesPods: pods => hasOneOf(pods, label, [value]),
  };
  if (simple.size > MOST_SIMPLE) simple = new Map();
  simple.set(memoKey, selector);
  return selector;
}

/**
 * Compiles a `LabelSelector`. An empty one matches everything. What the API
 * server would reject is added to `problems`.
 */
export function compileSelector(
  raw: unknown,
  path: (string | number)[],
  problems: Problem[],
): Selector {
  const short = simpleSelector(raw);
  if (short) return short;
  const equal: [string, string][] = [];
  const requirements: Requirement[] = [];
  if (raw !== undefined && raw !== null && !isJson(raw))
    problems.push({ path, message: 'must be a label selector' });
  const selector = asJson(raw);
  for (const field of Object.keys(selector)) {
    if (field !== 'matchLabels' && field !== 'matchExpressions') {
      problems.push({
        path: [...path, field],
        message: 'is no field of a label selector',
      });
    }
  }
  const labelsAt = [...path, 'matchLabels'];
  const stated = objectAt(selector.matchLabels, labelsAt, problems);
  for (const [key, value] of Object.entries(stated)) {
    const at = [...labelsAt, key];
    if (!isLabelKey(key))
      problems.push({ path: at, message: `"${key}" is no label key` });
    if (typeof value !== 'string' || !isLabelValue(value)) {
      problems.push({
        path: at,
        message: `${JSON.stringify(value)} is no label value`,
      });
    } else {
      equal.push([key, value]);
    }
  }
  const expressionsAt = [...path, 'matchExpressions'];
  const expressions = listAt(
    selector.matchExpressions,
    expressionsAt,
    problems,
  );
  expressions.forEach((entry, index) => {
    const at = [...expressionsAt, index];
    const { key, operator, values: listed, ...unknown } = asJson(entry);
    for (const field of Object.keys(unknown)) {
      problems.push({
        path: [...at, field],
        message: 'is no field of a label selector',
      });
    }
    const values = listAt(listed, [...at, 'values'], problems);
    if (typeof key !== 'string' || !isLabelKey(key)) {
      problems.push({ path: [...at, 'key'], message: 'must be a label key' });
      return;
    }
    if (typeof operator !== 'string' || !OPERATORS.has(operator)) {
      problems.push({
        path: [...at, 'operator'],
        message: 'must be In, NotIn, Exists or DoesNotExist',
      });
      return;
    }
    const texts = values.filter(
      (value): value is string =>
        typeof value === 'string' && isLabelValue(value),
    );
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (texts.length !== values.length || needsValues !== texts.length > 0) {
      const message = needsValues
        ? `${operator} needs at least one label value`
        : `${operator} takes no values`;
      problems.push({ path: [...at, 'values'], message });
      return;
    }
    requirements.push({
      key,
      operator: operator as Requirement['operator'],
      values: [...new Set(texts)].sort(),
    });
  });
  equal.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const keys = requirements
    .map(({ key, operator, values }) => JSON.stringify([key, operator, values]))
    .sort();
  return {
    key: JSON.stringify([equal, keys]),
    equal,
    matches(labels) {
      for (const [key, value] of equal) {
        if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
      }
      return requirements.every(requirement => holds(requirement, labels));
    },
    matchesPods(pods) {
      if (!pods.varyingLabels)
        return this.matches(pods.podLabels) ? 'yes' : 'no';
      return everyMatch([
        ...equal.map(([key, value]) => hasOneOf(pods, key, [value])),
        ...requirements.map(requirement => holdsFor(requirement, pods)),
      ]);
    },
  };
}
