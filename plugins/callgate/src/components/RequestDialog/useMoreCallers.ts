import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequestDraft,
  Preview,
} from '@callgate/plugin-callgate-common';
import { useEffect, useRef, useState } from 'react';
import { callgateApiRef, hasErrorCode } from '../../api';
import type { CallerOption } from './callerOptions';

/** Another preview of the same person was asked for; this one waits for its turn. */
const SUPERSEDED_WAIT = 1_000;

/** How the same draft stands for another caller. `already`: it has all of that. */
export type MoreState = 'checking' | 'fine' | 'already' | 'refused' | 'failed';

/** Another caller that the same is asked for. */
export interface MoreCaller {
  caller: CallerOption;
  state: MoreState;
  preview?: Preview;
  /** What it opens, or why it cannot be asked. */
  text?: string;
}

type Answer = { preview: Preview } | { error: Error };

/**
 * What a draft means for other callers as well, one after the other: a person has one preview at a time.
 *
 * @param draft - the draft for the first caller
 * @param ready - whether that one is known already
 */
export function useMoreCallers(
  draft: AccessRequestDraft | undefined,
  ready: boolean,
) {
  const callgate = useApi(callgateApiRef);
  const [all, setPicked] = useState<readonly CallerOption[]>([]);
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answer>>(
    new Map(),
  );
  const known = useRef(answers);
  known.current = answers;
  // Nothing but one's own way of asking is not for several.
  const picked =
    draft && !draft.breakGlass
      ? all.filter(({ ref }) => ref !== draft.caller)
      : [];
  const drafts = picked.map(({ ref }) =>
    JSON.stringify({ ...draft, caller: ref }),
  );
  const asked = JSON.stringify(drafts);

  useEffect(() => {
    if (!ready) return undefined;
    const abort = new AbortController();
    const { signal } = abort;
    const answered = (key: string, answer: Answer) =>
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
          await new Promise(resolve => setTimeout(resolve, SUPERSEDED_WAIT));
        }
      }
    };
    const askAll = async () => {
      for (const key of JSON.parse(asked) as string[]) {
        const answer = known.current.get(key);
        if (!answer || 'error' in answer) await ask(key);
      }
    };
    askAll();
    return () => abort.abort();
  }, [callgate, asked, ready]);

  const lines = picked.map((caller, index) =>
    toLine(caller, answers.get(drafts[index])),
  );
  return {
    lines,
    /** Whether it is not known yet of some of them. */
    checking: lines.some(({ state }) => state === 'checking'),
    isPicked: (ref: string) => all.some(each => each.ref === ref),
    toggle: (caller: CallerOption) =>
      setPicked(before =>
        before.some(({ ref }) => ref === caller.ref)
          ? before.filter(({ ref }) => ref !== caller.ref)
          : [...before, caller],
      ),
    /** Goes on with these alone, and looks at what they open anew. */
    goOnWith: (callers: readonly CallerOption[]) => {
      setPicked(callers);
      setAnswers(new Map());
    },
  };
}

function toLine(caller: CallerOption, answer: Answer | undefined): MoreCaller {
  if (!answer) return { caller, state: 'checking' };
  if ('error' in answer)
    return { caller, state: 'failed', text: answer.error.message };
  const { preview } = answer;
  const { send, meaning, findings } = preview;
  if (send.allowed)
    return { caller, state: 'fine', preview, text: meaning.text };
  const isWrong = findings.some(({ severity }) => severity === 'error');
  return meaning.gained.length === 0 && !isWrong
    ? { caller, state: 'already', preview }
    : { caller, state: 'refused', preview, text: send.reason };
}

/** The other callers of a draft. */
export type MoreCallers = ReturnType<typeof useMoreCallers>;
