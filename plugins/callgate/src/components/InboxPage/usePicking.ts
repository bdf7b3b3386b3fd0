import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { useCallback, useState } from 'react';

/** So many requests are looked at and decided at once. */
export const MOST_PICKED = 20;

/** Rows that somebody picks from a list, by id. */
export interface Picks {
  isPicked: (id: string) => boolean;
  toggle: (id: string) => void;
  /** Picks some, as far as there is room, or none of them. */
  set: (ids: readonly string[], picked: boolean) => void;
  clear: () => void;
}

/** Requests that somebody picks to decide together. */
export interface Picking extends Picks {
  /** What waits for the reader's decision; what was given back to them is theirs to change. */
  canPick: (request: AccessRequestSummary) => boolean;
}

/**
 * Which rows of a list are picked.
 *
 * @param most - so many at once
 */
export function usePicks(most: number): Picks {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback(
    (ids: readonly string[], isPicked: boolean) =>
      setPicked(before => {
        const next = new Set(before);
        ids.forEach(id => {
          if (!isPicked) next.delete(id);
          else if (next.size < most) next.add(id);
        });
        return next;
      }),
    [most],
  );
  const toggle = useCallback(
    (id: string) =>
      setPicked(before => {
        const next = new Set(before);
        if (!next.delete(id) && next.size < most) next.add(id);
        return next;
      }),
    [most],
  );
  return {
    isPicked: id => picked.has(id),
    toggle,
    set,
    clear: () => setPicked(new Set()),
  };
}

/** Which requests are picked, by id. */
export function usePicking(): Picking {
  return {
    ...usePicks(MOST_PICKED),
    canPick: ({ state, waitsForMe }) => state === 'submitted' && waitsForMe,
  };
}
