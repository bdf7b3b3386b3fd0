import { asArray, asJson, type Json } from '../json';

/**
 * How much is kept of a cluster, in bytes of UTF-8 where nothing else is said. Whoever may write in one namespace can pass any of
 * these; what passes is left out by itself, and said to be left out (`NotRead`).
 */
export const BOUNDS = {
  /** Levels of one object; those of Kubernetes have some ten. */
  levels: 100,
  /** Objects of one kind and namespace. */
  file: 16 * 1024 * 1024,
  /** All of a cluster. */
  total: 512 * 1024 * 1024,
} as const;

/** Why objects are left out, in the order in which they are written. */
export const REASONS = ['refused', 'too-deep', 'too-large'] as const;

export type Reason = (typeof REASONS)[number];

/** Objects of one kind and place that are left out for one reason. */
export interface LeftOut {
  reason: Reason;
  count: number;
  /** Of some of them, sorted. */
  names: readonly string[];
}

/** Names that are written, and characters of one. */
const MOST_NAMES = 100;
const LONGEST_NAME = 253;

/** More than the text of what is left out of one file can have: two reasons with all of their names. */
export const MOST_OF_NOTE = 64 * 1024;

/**
 * What stands in a file in the place of objects that are left out, in JSON. packages/policy reads it (`NOT_READ`): what they may
 * say something about is not known then, instead of open.
 *
 * There is nothing of what such objects said before. Whoever makes a policy too large chooses when: an older one would be
 * the one of their choice, and one that is gone would be judged as if it still closed something.
 *
 * @param place - `kinds`: the folder of the file; `namespace`: empty outside namespaces
 */
export function noteOf(
  { kinds, namespace }: { kinds: string; namespace: string },
  leftOut: readonly LeftOut[],
): string {
  return JSON.stringify({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'NotRead',
    metadata: { name: kinds, ...(namespace !== '' && { namespace }) },
    spec: {
      leftOut: leftOut.map(({ count, names, reason }) => ({
        count,
        names,
        reason,
      })),
    },
  });
}

/** Objects that are left out for a reason, with as many of their names as are written. */
export function leftOutFor(reason: Reason, names: readonly string[]): LeftOut {
  return {
    reason,
    count: names.length,
    names: [...names]
      .sort()
      .slice(0, MOST_NAMES)
      .map(name => name.slice(0, LONGEST_NAME)),
  };
}

/** Is it a note, as `noteOf` writes them? Whatever else it has is not in the text that is written for it anew. */
export function isNote({ apiVersion, kind }: Json): boolean {
  return apiVersion === 'callgate.dev/v1alpha1' && kind === 'NotRead';
}

/** The note that an object is, as it is written; nothing where it is none for this place. */
export function readNote(
  object: Json,
  place: { kinds: string; namespace: string },
): string | undefined {
  const entries = asArray(asJson(object.spec).leftOut).map(asJson);
  const leftOut: LeftOut[] = [];
  for (const { reason, count, names } of entries) {
    const known = REASONS.find(each => each === reason);
    const last = leftOut.at(-1);
    if (!known || (last && last.reason >= known)) return undefined;
    if (!Number.isSafeInteger(count) || Number(count) < 1) return undefined;
    const told = asArray(names);
    if (told.length > Math.min(MOST_NAMES, Number(count))) return undefined;
    if (!told.every(isName)) return undefined;
    leftOut.push({ reason: known, count: Number(count), names: told });
  }
  return leftOut.length === 0 ? undefined : noteOf(place, leftOut);
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= LONGEST_NAME;
}

/** Is a value nested more than so many levels? It goes no deeper than that. */
export function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    levels === 0 || Object.values(value).some(each => isDeep(each, levels - 1))
  );
}

const WHY: Readonly<Record<Reason, string>> = {
  refused: 'The portal does not take them as they are.',
  'too-deep': `They are nested more than ${BOUNDS.levels} levels: make them flatter.`,
  'too-large': `All of one kind and namespace may have ${
    BOUNDS.file / 1024 / 1024
  } MiB, and a cluster ${
    BOUNDS.total / 1024 / 1024
  } MiB: make them smaller or fewer.`,
};

/** For whoever runs the reader, in one sentence. */
export function sayLeftOut(
  cluster: string,
  { kinds, namespace }: { kinds: string; namespace: string },
  { reason, count, names }: LeftOut,
): string {
  const where = namespace === '' ? '' : ` of the namespace ${namespace}`;
  const told = names.slice(0, 5).join(', ');
  const which = `${told}${count > 5 ? ` and ${count - 5} more` : ''}`;
  return `Left out of the cluster ${cluster}: ${kinds}${where} (${which}). ${
    WHY[reason]
  } Until then what they say is not known, and nothing is generated for ${
    namespace === '' ? 'what they are about' : `the namespace ${namespace}`
  }; everything else goes on.`;
}
