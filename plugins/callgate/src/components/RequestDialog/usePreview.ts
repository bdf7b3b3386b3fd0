import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequestDraft,
  Preview,
} from '@callgate/plugin-callgate-common';
import { useEffect, useState } from 'react';
import { callgateApiRef, hasErrorCode } from '../../api';

const WAIT = 350;
/** Another window of the same person asked something newer; this one waits for its turn. */
const SUPERSEDED_WAIT = 1_000;

/** The live preview of a draft. */
export interface LivePreview {
  /** The last good answer, also while a newer one is on its way. */
  preview?: Preview;
  /** Why the draft that stands there now could not be previewed. */
  error?: Error;
  /** Whether the answer belongs to the draft that stands there now. */
  fresh: boolean;
  /** Asks again for the same draft. */
  reload: () => void;
}

/**
 * What a draft means, asked a moment after the last change. It never blocks typing: an old answer stays, marked as old,
 * until the new one is there. The reason is not part of what is opened and asks nothing.
 */
export function usePreview(draft: AccessRequestDraft | undefined): LivePreview {
  const callgate = useApi(callgateApiRef);
  const [answer, setAnswer] = useState<{
    key: string;
    preview?: Preview;
    error?: Error;
  }>();
  const [attempt, setAttempt] = useState(0);
  const key = draft ? `${attempt} ${JSON.stringify(draft)}` : '';

  useEffect(() => {
    if (!key) {
      setAnswer(undefined);
      return undefined;
    }
    const abort = new AbortController();
    const question: AccessRequestDraft = JSON.parse(
      key.slice(key.indexOf(' ') + 1),
    );
    let timer: ReturnType<typeof setTimeout>;
    const ask = () => {
      callgate.preview(question, { signal: abort.signal }).then(
        preview => !abort.signal.aborted && setAnswer({ key, preview }),
        error => {
          if (abort.signal.aborted) return;
          if (hasErrorCode(error, 'superseded')) {
            timer = setTimeout(ask, SUPERSEDED_WAIT);
            return;
          }
          setAnswer(previous => ({
            key,
            preview: previous?.preview,
            error: error instanceof Error ? error : new Error(String(error)),
          }));
        },
      );
    };
    timer = setTimeout(ask, WAIT);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [callgate, key]);

  const fresh = answer?.key === key;
  return {
    preview: answer?.preview,
    error: fresh ? answer?.error : undefined,
    fresh: fresh && !answer?.error,
    reload: () => setAttempt(count => count + 1),
  };
}
