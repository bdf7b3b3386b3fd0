import type {
  AccessRequestDraft,
  Preview,
} from '@callgate/plugin-callgate-common';
import { useState } from 'react';
import type { CallerOption } from './callerOptions';
import { type Standing, standingOf, usePreviewQueue } from './usePreviewQueue';

/** Another caller that the same is asked for. */
export interface MoreCaller {
  caller: CallerOption;
  state: Standing;
  preview?: Preview;
  /** What it opens, or why it cannot be asked. */
  text?: string;
}

/**
 * What a draft means for other callers as well.
 *
 * @param draft - the draft for the first caller
 * @param ready - whether that one is known already
 */
export function useMoreCallers(
  draft: AccessRequestDraft | undefined,
  ready: boolean,
) {
  const [all, setPicked] = useState<readonly CallerOption[]>([]);
  // Nothing but one's own way of asking is not for several.
  const picked =
    draft && !draft.breakGlass
      ? all.filter(({ ref }) => ref !== draft.caller)
      : [];
  const drafts = picked.map(({ ref }) =>
    JSON.stringify({ ...draft, caller: ref }),
  );
  const { answers, forget } = usePreviewQueue(drafts, ready);
  const lines = picked.map(
    (caller, index): MoreCaller => ({
      caller,
      ...standingOf(answers.get(drafts[index])),
    }),
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
      forget();
    },
  };
}

/** The other callers of a draft. */
export type MoreCallers = ReturnType<typeof useMoreCallers>;
