import { useCallback, useEffect, useRef, useState } from 'react';

/** What a page shows of something that it loads. */
export interface Loaded<T> {
  /** The last good answer; stays while a newer one is on its way or failed. */
  value?: T;
  /** Why the last attempt failed. */
  error?: Error;
  /** Whether an answer is on its way. */
  loading: boolean;
  /** Asks again. */
  reload: () => void;
  /** Shows an answer that a write has already brought. */
  replace: (value: T) => void;
}

/**
 * Loads something when `key` changes, and again on demand. A newer question ends the older one; an answer to an older
 * question is never shown. The value is forgotten only when `key` changes.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: Error }>(
    { key },
  );
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const underWay = useRef<AbortController>(undefined);

  useEffect(() => {
    const abort = new AbortController();
    underWay.current = abort;
    setLoading(true);
    latest.current(abort.signal).then(
      value => {
        if (!abort.signal.aborted) {
          setState({ key, value });
          setLoading(false);
        }
      },
      error => {
        if (!abort.signal.aborted) {
          setState(previous => ({
            key,
            value: previous.key === key ? previous.value : undefined,
            error: error instanceof Error ? error : new Error(String(error)),
          }));
          setLoading(false);
        }
      },
    );
    return () => abort.abort();
  }, [key, attempt]);

  const reload = useCallback(() => setAttempt(count => count + 1), []);
  const replace = useCallback(
    (value: T) => {
      // An answer that is on its way was given before the write.
      underWay.current?.abort();
      setState({ key, value });
      setLoading(false);
    },
    [key],
  );
  const current = state.key === key ? state : undefined;
  return {
    value: current?.value,
    error: current?.error,
    loading: loading || !current,
    reload,
    replace,
  };
}
