import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useCallback, useEffect, useState } from 'react';

/** A meaning that somebody has looked at. */
type Seen = Pick<AccessRequest, 'digest' | 'meaning'>;

/**
 * What the reader has looked at. When what a request opens changes under their eyes, they have to look at the
 * difference before they can approve: nobody approves what slid under the button. It is kept in this tab of the browser, so
 * that loading the page anew is no way around it; whoever signs in after them begins for themselves.
 *
 * @param reader - ref of who looks; absent where that is not known, and nothing is kept
 */
export function useSeen(
  request: AccessRequest,
  reader: string | undefined,
): {
  /** What was looked at, when what stands there now is not that any more. */
  before?: Seen;
  /**
   * @param shown - what the reader was shown elsewhere, such as what they have just sent; what stands on the page where it is
   *   not given
   */
  lookedAt: (shown?: AccessRequest) => void;
} {
  const key = reader && `callgate-seen ${JSON.stringify([reader, request.id])}`;
  const [seen, setSeen] = useState(() => readSeen(key) ?? shownBy(request));
  const digest = digestOf(request);
  const changed = request.state === 'submitted' && seen.digest !== digest;
  useEffect(() => {
    if (key) write(key, seen);
  }, [key, seen]);
  // A change that the reader has not looked at stands until they say so.
  const lookedAt = useCallback(
    (shown = request) => setSeen(shownBy(shown)),
    [request],
  );
  return { ...(changed && { before: seen }), lookedAt };
}

function digestOf({ currentDigest, digest }: AccessRequest): string {
  return currentDigest ?? digest;
}

function shownBy(request: AccessRequest): Seen {
  return { digest: digestOf(request), meaning: request.meaning };
}

function readSeen(key: string | undefined): Seen | undefined {
  try {
    const text = key && sessionStorage.getItem(key);
    const value: unknown = text ? JSON.parse(text) : undefined;
    return isSeen(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, seen: Seen): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(seen));
  } catch {
    // Full or forbidden: it holds until the page is left.
  }
}

function isSeen(value: unknown): value is Seen {
  return (
    typeof value === 'object' &&
    value !== null &&
    'digest' in value &&
    typeof value.digest === 'string' &&
    'meaning' in value &&
    typeof value.meaning === 'object' &&
    value.meaning !== null &&
    'gained' in value.meaning &&
    Array.isArray(value.meaning.gained)
  );
}
