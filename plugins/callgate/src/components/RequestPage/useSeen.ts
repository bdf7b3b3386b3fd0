import type { AccessRequest } from '@callgate/plugin-callgate-common';
import { useState } from 'react';

/**
 * What the reader has looked at. When what a request opens changes under their eyes, they have to look at the
 * difference before they can approve: nobody approves what slid under the button.
 */
export function useSeen(request: AccessRequest): {
  /** What was looked at, when what stands there now is not that any more. */
  before?: AccessRequest;
  lookedAt: () => void;
} {
  const [seen, setSeen] = useState(request);
  const changed =
    request.state === 'submitted' && meaningOf(seen) !== meaningOf(request);
  return {
    ...(changed && { before: seen }),
    lookedAt: () => setSeen(request),
  };
}

function meaningOf({ currentDigest, digest }: AccessRequest): string {
  return currentDigest ?? digest;
}
