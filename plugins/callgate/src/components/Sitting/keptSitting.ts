import { EMPTY_SITTING, type Sitting, withItem } from './sitting';

/** Where a sitting is kept: one for each person and caller. */
export interface SittingPlace {
  person: string;
  caller: string;
}

/** What somebody wrote before in this tab of the browser; `undefined` where there is nothing that can be read. */
export function readSitting(place: SittingPlace): Sitting | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(place));
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return isSitting(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it until the tab is closed. A browser that keeps nothing loses it with the page. */
export function keepSitting(place: SittingPlace, sitting: Sitting): void {
  try {
    sessionStorage.setItem(keyOf(place), JSON.stringify(sitting));
  } catch {
    // Full or forbidden: nothing else depends on it.
  }
}

/** Forgets it: all was sent, or it is discarded. */
export function forgetSitting(place: SittingPlace): void {
  try {
    sessionStorage.removeItem(keyOf(place));
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}

/** Takes what was written for one API along, into the sitting of its caller. What is written there already stays. */
export function takeAlong(place: SittingPlace, brought: Sitting): void {
  const kept = readSitting(place) ?? EMPTY_SITTING;
  // What was sent is done.
  const before = { ...kept, items: kept.items.filter(({ sent }) => !sent) };
  const all = brought.items.reduce(withItem, before);
  keepSitting(place, {
    ...all,
    reason: before.reason || brought.reason,
    until: before.until || brought.until,
  });
}

function keyOf({ person, caller }: SittingPlace): string {
  return `callgate-sitting ${JSON.stringify([person, caller])}`;
}

function isSitting(value: unknown): value is Sitting {
  return (
    isObject(value) &&
    typeof value.reason === 'string' &&
    typeof value.until === 'string' &&
    Array.isArray(value.items) &&
    value.items.every(
      (item: unknown) =>
        isObject(item) &&
        isObject(item.api) &&
        typeof item.api.ref === 'string' &&
        Array.isArray(item.operations) &&
        Array.isArray(item.acknowledges),
    )
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
