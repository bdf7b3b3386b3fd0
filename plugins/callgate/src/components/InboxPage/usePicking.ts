import type { AccessRequestSummary } from '@callgate/plugin-callgate-common';
import { useCallback, useState } from 'react';

/** So many requests are looked at and decided at once. */
export const MOST_PICKED = 20;

/** Requests that somebody picks to decide together. */
export interface Picking {
  /** What waits for the reader's decision; what was given back to them is theirs to change. */
  canPick: (request: AccessRequestSummary) => boolean;
  isPicked: (id: string) => boolean;
  toggle: (id: string) => void;
  clear: () => void;
}

/** Which requests are picked, by id. */
export function usePicking(): Picking {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) =>
      setPicked(before => {
        const next = new Set(before);
        if (!next.delete(id) && next.size < MOST_PICKED) next.add(id);
        return next;
      }),
    [],
  );
  return {
    canPick: ({ state, waitsForMe }) => state === 'submitted' && waitsForMe,
    isPicked: id => picked.has(id),
    toggle,
    clear: () => setPicked(new Set()),
  };
}
