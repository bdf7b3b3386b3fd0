import { useApi } from '@backstage/core-plugin-api';
import type { Preview } from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef, hasErrorCode } from '../../api';

/** Another preview of the same person was asked for; this one waits for its turn. */
const SUPERSEDED_WAIT = 1_000;

/** What came of a preview. */
export type PreviewAnswer = { preview: Preview } | { error: Error };

/** How a draft stands. `already`: the caller has all of that. */
export type Standing = 'checking' | 'fine' | 'already' | 'refused' | 'failed';

/**
 * What several drafts mean, one after the other: a person has one preview at a time.
 *
 * @param drafts - as JSON, in the order in which they are asked; by this text each is known
 * @param ready - whether they may be asked yet
 * @param waitMs - how long nothing must change before the first is asked
 */
export function usePreviewQueue(
  drafts: readonly string[],
  ready: boolean,
  waitMs = 0,
) {
  const callgate = useApi(callgateApiRef);
  const [answers, setAnswers] = useState<ReadonlyMap<string, PreviewAnswer>>(
    new Map(),
  );
  const [attempt, setAttempt] = useState(0);
  const known = useRef(answers);
  known.current = answers;
  const asked = JSON.stringify(drafts);

  useEffect(() => {
    if (!ready) return undefined;
    const abort = new AbortController();
    const { signal } = abort;
    const pause = (ms: number) =>
      new Promise(resolve => setTimeout(resolve, ms));
    const answered = (key: string, answer: PreviewAnswer) =>
      setAnswers(before => new Map(before).set(key, answer));
    const ask = async (key: string): Promise<void> => {
      while (!signal.aborted) {
        try {
          const preview = await callgate.preview(JSON.parse(key), { signal });
          if (!signal.aborted) answered(key, { preview });
          return;
        } catch (error) {
          if (signal.aborted) return;
          if (!hasErrorCode(error, 'superseded')) {
            answered(key, {
              error: error instanceof Error ? error : new Error(String(error)),
            });
            return;
          }
          await pause(SUPERSEDED_WAIT);
        }
      }
    };
    const askAll = async () => {
      if (waitMs > 0) await pause(waitMs);
      for (const key of JSON.parse(asked) as string[]) {
        const answer = known.current.get(key);
        if (!answer || 'error' in answer) await ask(key);
      }
    };
    askAll();
    return () => abort.abort();
  }, [callgate, asked, ready, waitMs, attempt]);

  return {
    answers,
    /** Asks anew: for one draft, or for all of them. */
    forget: (key?: string) => {
      setAnswers(before => {
        const rest = new Map(key === undefined ? [] : before);
        if (key !== undefined) rest.delete(key);
        return rest;
      });
      setAttempt(count => count + 1);
    },
  };
}

/** How a draft stands by its preview, with what it opens or why it cannot be asked. */
export function standingOf(answer: PreviewAnswer | undefined): {
  state: Standing;
  preview?: Preview;
  text?: string;
} {
  if (!answer) return { state: 'checking' };
  if ('error' in answer) return { state: 'failed', text: answer.error.message };
  const { preview } = answer;
  const { send, meaning, findings } = preview;
  if (send.allowed) return { state: 'fine', preview, text: meaning.text };
  const isWrong = findings.some(({ severity }) => severity === 'error');
  return meaning.gained.length === 0 && !isWrong
    ? { state: 'already', preview }
    : { state: 'refused', preview, text: send.reason };
}
