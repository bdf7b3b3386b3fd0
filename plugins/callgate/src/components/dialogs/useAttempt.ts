import { useRef, useState } from 'react';
import { randomKey } from '../../hooks';

/** Something that is sent once, however often it is tried. */
export interface Attempt<Body, Result> {
  readonly send: (body: Body) => Promise<void>;
  /** It is on its way. */
  readonly busy: boolean;
  /** Why nothing came back the last time. */
  readonly error?: Error;
  /** What became of each, once the answer is there. */
  readonly results?: readonly Result[];
}

/**
 * Sends decisions about several things. The same body keeps its key when it is tried again, so that a lost answer decides
 * nothing twice.
 */
export function useAttempt<Body, Result>(
  ask: (body: Body, key: string) => Promise<{ results: readonly Result[] }>,
  onAnswer: () => void,
): Attempt<Body, Result> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [results, setResults] = useState<readonly Result[]>();
  const last = useRef<{ text: string; key: string }>(undefined);
  const send = async (body: Body) => {
    const text = JSON.stringify(body);
    if (last.current?.text !== text) {
      last.current = { text, key: randomKey() };
    }
    setBusy(true);
    setError(undefined);
    try {
      const answer = await ask(body, last.current.key);
      setResults(answer.results);
      onAnswer();
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      setBusy(false);
    }
  };
  return { send, busy, error, results };
}
