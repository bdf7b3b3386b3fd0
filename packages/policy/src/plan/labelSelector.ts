import { asArray, asJson } from '../estate/json';
import { PodLabels, hasLabel, hasOneOf } from '../estate/podLabels';

type Labels = Readonly<Record<string, string>>;

/** One requirement of a Kubernetes label selector. */
interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: readonly string[];
}

const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)$`);
const PRESENCE = new RegExp(`^(!?)\\s*(${KEY})$`);

function parseRequirement(text: string): Requirement | undefined {
  const set = SET.exec(text);
  if (set)
    return {
      key: set[1],
      operator: set[2] === 'in' ? 'In' : 'NotIn',
      values: set[3].split(',').map(value => value.trim()),
    };
  const equality = EQUALITY.exec(text);
  if (equality)
    return {
      key: equality[1],
      operator: equality[2] === '!=' ? 'NotIn' : 'In',
      values: [equality[3]],
    };
  const presence = PRESENCE.exec(text);
  if (presence)
    return {
      key: presence[2],
      operator: presence[1] ? 'DoesNotExist' : 'Exists',
      values: [],
    };
  return undefined;
}

function meets(requirement: Requirement, labels: Labels): boolean {
  const value = Object.prototype.hasOwnProperty.call(labels, requirement.key)
    ? labels[requirement.key]
    : undefined;
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** A selector that was read from text. */
export interface LabelSelectorText {
  fits: (labels: Labels) => boolean;
  /**
   * It asks for something not to be there (`!=`, `notin`, `!key`): labels that say nothing at all fit it, so it may only be asked
   * of the labels that count.
   */
  isNegative: boolean;
}

/**
 * Reads a selector as `kubectl -l` and Backstage write it: `app=web,track in (stable, canary),!batch`. `undefined` where
 * it is not one, or is empty: an empty selector would select everything.
 */
export function parseLabelSelectorText(
  text: string,
): LabelSelectorText | undefined {
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  const requirements = parts.map(part => parseRequirement(part.trim()));
  if (requirements.length === 0) return undefined;
  const known = requirements.filter(
    (part): part is Requirement => part !== undefined,
  );
  if (known.length !== requirements.length) return undefined;
  return {
    fits: labels => known.every(requirement => meets(requirement, labels)),
    isNegative: known.some(
      ({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist',
    ),
  };
}

/** Whether pods may meet one requirement. */
function mayMeet(
  { key, operator, values }: Requirement,
  pods: PodLabels,
): boolean {
  switch (operator) {
    case 'In':
      return hasOneOf(pods, key, values) !== 'no';
    case 'NotIn':
      return hasOneOf(pods, key, values) !== 'yes';
    case 'Exists':
      return hasLabel(pods, key) !== 'no';
    default:
      return hasLabel(pods, key) !== 'yes';
  }
}

/**
 * Whether a `LabelSelector` object selects pods, or some of them. What it cannot read it takes as selecting: used where the
 * safe answer is that a hand-written policy may be in the way.
 */
export function mayMatchSelector(selector: unknown, pods: PodLabels): boolean {
  const { matchLabels, matchExpressions } = asJson(selector);
  for (const [key, value] of Object.entries(asJson(matchLabels))) {
    const values = typeof value === 'string' ? [value] : [];
    if (hasOneOf(pods, key, values) === 'no') return false;
  }
  for (const { key, operator, values } of asArray(matchExpressions).map(
    asJson,
  )) {
    const known =
      operator === 'In' ||
      operator === 'NotIn' ||
      operator === 'Exists' ||
      operator === 'DoesNotExist';
    if (typeof key !== 'string' || !known) continue;
    const list = asArray(values);
    const texts = list.filter(
      (value): value is string => typeof value === 'string',
    );
    // A value that is no text may be meant for any.
    if (texts.length < list.length) continue;
    if (!mayMeet({ key, operator, values: texts }, pods)) return false;
  }
  return true;
}
