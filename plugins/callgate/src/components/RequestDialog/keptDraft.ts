import type { Operation, WhenLast } from '@callgate/plugin-callgate-common';
import type { DraftMode, DraftStart } from '../../draft';
import type { CallerOption } from './callerOptions';

/** What somebody has written into the dialog. */
export interface KeptFields {
  caller?: CallerOption;
  operations: Operation[];
  /** Absent until somebody picks. */
  clusters?: string[];
  reason: string;
  acknowledges: string[];
  /** Absent until somebody picks; an empty text: none. */
  until?: string;
  whenLast?: WhenLast;
}

/** Where a draft is kept: one for each person, API and way into the dialog. */
export interface DraftPlace {
  person: string;
  api: string;
  mode: DraftMode;
  start: DraftStart;
}

/** A draft of before in this tab of the browser; `undefined` where there is none that can be read. */
export function readKept(place: DraftPlace): KeptFields | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(place));
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return isKept(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft until the tab is closed. A browser that keeps nothing loses it with the page. */
export function keep(place: DraftPlace, fields: KeptFields): void {
  try {
    sessionStorage.setItem(keyOf(place), JSON.stringify(fields));
  } catch {
    // Full or forbidden: nothing else depends on it.
  }
}

/** Forgets a draft: it was sent or discarded. */
export function forget(place: DraftPlace): void {
  try {
    sessionStorage.removeItem(keyOf(place));
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}

function keyOf({ person, api, mode, start }: DraftPlace): string {
  return `callgate-draft ${JSON.stringify([person, mode, api, start])}`;
}

function isKept(value: unknown): value is KeptFields {
  return (
    typeof value === 'object' &&
    value !== null &&
    'operations' in value &&
    Array.isArray(value.operations) &&
    'acknowledges' in value &&
    Array.isArray(value.acknowledges) &&
    'reason' in value &&
    typeof value.reason === 'string' &&
    (!('until' in value) || typeof value.until === 'string') &&
    (!('whenLast' in value) ||
      value.whenLast === 'open' ||
      value.whenLast === 'keep-closed') &&
    (!('clusters' in value) || Array.isArray(value.clusters)) &&
    (!('caller' in value) ||
      (typeof value.caller === 'object' && value.caller !== null))
  );
}
