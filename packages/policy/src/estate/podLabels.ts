import { Labels } from './types';

/**
 * A label that tells the pods of one workload apart: controllers give each pod
 * another value, or pods that run carry different ones.
 *
 * @public
 */
export interface VaryingLabel {
  /** The only values there are; absent: others may come. */
  values?: readonly string[];
  /** Every value is this and a number after it, such as `db-` of a StatefulSet `db`. */
  numbered?: string;
  /** Some pods may lack the label. */
  isOptional: boolean;
}

/** Labels of a workload's pods: those that all of them have, and those that tell them apart. */
export interface PodLabels {
  podLabels: Labels;
  varyingLabels?: Readonly<Record<string, VaryingLabel>>;
}

/** Of a workload's pods: all, none, or it depends on the pod. */
export type Match = 'yes' | 'no' | 'maybe';

function varyingOf({ varyingLabels }: PodLabels, key: string) {
  return varyingLabels && Object.hasOwn(varyingLabels, key)
    ? varyingLabels[key]
    : undefined;
}

function mayBe({ values, numbered }: VaryingLabel, value: string): boolean {
  if (values) return values.includes(value);
  if (numbered === undefined) return true;
  return (
    value.startsWith(numbered) && /^\d+$/.test(value.slice(numbered.length))
  );
}

/** Has a pod one of these values? */
export function hasOneOf(
  pods: PodLabels,
  key: string,
  wanted: readonly string[],
): Match {
  const varying = varyingOf(pods, key);
  if (!varying) {
    const { podLabels } = pods;
    return Object.hasOwn(podLabels, key) && wanted.includes(podLabels[key])
      ? 'yes'
      : 'no';
  }
  const { values, isOptional } = varying;
  if (!isOptional && values?.every(value => wanted.includes(value)))
    return 'yes';
  return wanted.some(value => mayBe(varying, value)) ? 'maybe' : 'no';
}

/** Has a pod the label at all? */
export function hasLabel(pods: PodLabels, key: string): Match {
  const varying = varyingOf(pods, key);
  if (varying) return varying.isOptional ? 'maybe' : 'yes';
  return Object.hasOwn(pods.podLabels, key) ? 'yes' : 'no';
}

export function notMatch(match: Match): Match {
  if (match === 'maybe') return match;
  return match === 'yes' ? 'no' : 'yes';
}

/** All of these. */
export function everyMatch(matches: Iterable<Match>): Match {
  let result: Match = 'yes';
  for (const match of matches) {
    if (match === 'no') return 'no';
    if (match === 'maybe') result = 'maybe';
  }
  return result;
}

/** Do pods have every label of a `matchLabels`? */
export function matchLabels(selector: Labels, pods: PodLabels): Match {
  let result: Match = 'yes';
  for (const key of Object.keys(selector)) {
    const match = hasOneOf(pods, key, [selector[key]]);
    if (match === 'no') return 'no';
    if (match === 'maybe') result = 'maybe';
  }
  return result;
}

/** What is added to a pod template's labels before pods run. */
export interface AddedLabels {
  certain: Record<string, string>;
  varying: Record<string, VaryingLabel>;
}

function isEmpty(entries: object): boolean {
  return Object.keys(entries).length === 0;
}

/** Labels by which somebody claims a workload: who may label a pod may not say so of its template. */
const CLAIM = /^(callgate\.dev|backstage\.io)\//;

/**
 * Labels of a template with what is added to it, and with those of pods that
 * run: what all of them carry counts, what they carry differently tells them apart.
 */
export function labelsOfPods(
  template: Labels,
  { certain, varying }: AddedLabels,
  running: readonly Labels[],
): PodLabels {
  if (running.length === 0)
    return {
      podLabels: isEmpty(certain) ? template : { ...template, ...certain },
      ...(isEmpty(varying) ? {} : { varyingLabels: varying }),
    };
  const podLabels: Record<string, string> = { ...template, ...certain };
  const varyingLabels: Record<string, VaryingLabel> = { ...varying };
  const keys = new Set(
    [template, ...running].flatMap(labels => Object.keys(labels)),
  );
  for (const key of keys) {
    if (key in varying || key in certain) continue;
    const found = running.map(labels => labels[key]);
    const values = [...new Set([...found, template[key]])].filter(
      value => value !== undefined,
    );
    const isOptional = found.includes(undefined as unknown as string);
    const isStated = key in template || !CLAIM.test(key);
    if (values.length === 1 && !isOptional && isStated)
      [podLabels[key]] = values;
    else if (values.length > 0)
      varyingLabels[key] = {
        values: values.sort(),
        isOptional: isOptional || !isStated,
      };
  }
  return isEmpty(varyingLabels) ? { podLabels } : { podLabels, varyingLabels };
}
