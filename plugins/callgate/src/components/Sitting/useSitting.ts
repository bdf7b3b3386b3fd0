import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import {
  CALLGATE_LIMITS,
  type EntityLabel,
  type Preview,
} from '@callgate/plugin-callgate-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { callgateApiRef, hasErrorCode } from '../../api';
import { randomKey, useLoaded } from '../../hooks';
import {
  type Standing,
  standingOf,
  usePreviewQueue,
} from '../RequestDialog/usePreviewQueue';
import type { LivePreview } from '../RequestDialog/usePreview';
import {
  forgetSitting,
  keepSitting,
  readSitting,
  type SittingPlace,
} from './keptSitting';
import {
  draftOf,
  EMPTY_SITTING,
  reasonOf,
  requestOf,
  type Sitting,
  type SittingItem,
  withItem,
} from './sitting';

/** How long nothing must change before it is asked what it opens. */
const WAIT = 350;

/** One API of a sitting, with how it stands. */
export interface SittingLine {
  item: SittingItem;
  /** What is previewed; absent while no operation is chosen. */
  draft: ReturnType<typeof draftOf>;
  /** `choose`: no operation is chosen yet. */
  state: Standing | 'choose' | 'sending' | 'sent' | 'not-sent';
  /** What it opens, or why it cannot be asked. */
  text?: string;
  live: LivePreview;
}

/**
 * What one caller asks of several APIs: kept in this tab while it is written, previewed one after the other, and sent one after the
 * other. What becomes of one says nothing of the others.
 */
export function useSitting(caller: string) {
  const callgate = useApi(callgateApiRef);
  const identity = useApi(identityApiRef);
  const me = useLoaded('me', () => identity.getBackstageIdentity());
  const person = me.value?.userEntityRef;
  const [sitting, setSitting] = useState<Sitting>(EMPTY_SITTING);
  const [restored, setRestored] = useState(false);
  const [open, setOpen] = useState<string>();
  const [outcomes, setOutcomes] = useState<
    ReadonlyMap<string, 'sending' | Error>
  >(new Map());
  const latest = useRef(sitting);
  const place = useRef<SittingPlace>(undefined);

  /** Each change is kept at once: what is tried to be sent has its key before it is on its way. */
  const change = useCallback((next: (before: Sitting) => Sitting) => {
    latest.current = next(latest.current);
    setSitting(latest.current);
    if (place.current) keepSitting(place.current, latest.current);
  }, []);
  const changeItem = useCallback(
    (ref: string, more: Partial<SittingItem>) =>
      change(before => ({
        ...before,
        items: before.items.map(item =>
          item.api.ref === ref ? { ...item, ...more } : item,
        ),
      })),
    [change],
  );
  useEffect(() => {
    if (person === undefined || place.current) return;
    place.current = { person, caller };
    const before = readSitting(place.current);
    if (!before) return;
    change(() => before);
    setRestored(true);
    setOpen(before.items.find(({ sent }) => !sent)?.api.ref);
  }, [person, caller, change]);

  const unsent = sitting.items.filter(({ sent }) => !sent);
  // What somebody looks at is worked out first.
  const inTurn = [...unsent].sort(
    (a, b) => Number(b.api.ref === open) - Number(a.api.ref === open),
  );
  const keyOf = (item: SittingItem) => {
    const draft = draftOf(sitting, item, caller);
    return draft && JSON.stringify(draft);
  };
  const { answers, forget } = usePreviewQueue(
    inTurn.flatMap(item => keyOf(item) ?? []),
    true,
    WAIT,
  );
  // The last good answer stays, dimmed, while a newer one is worked out.
  const last = useRef(new Map<string, Preview>());
  const lines = sitting.items.map((item): SittingLine => {
    const { ref } = item.api;
    const key = keyOf(item);
    const answer = key === undefined ? undefined : answers.get(key);
    const standing = standingOf(answer);
    if (answer && 'preview' in answer) last.current.set(ref, answer.preview);
    const live: LivePreview = {
      preview: last.current.get(ref),
      error: answer && 'error' in answer ? answer.error : undefined,
      fresh: answer !== undefined && 'preview' in answer,
      reload: () => forget(key),
    };
    const draft = draftOf(sitting, item, caller);
    const outcome = outcomes.get(ref);
    const of = { item, draft, live };
    if (item.sent) return { ...of, state: 'sent' };
    if (outcome === 'sending') return { ...of, state: 'sending' };
    if (outcome) return { ...of, state: 'not-sent', text: outcome.message };
    if (!draft) return { ...of, state: 'choose' };
    return { ...of, state: standing.state, text: standing.text };
  });

  // Where it can be granted in one of several clusters alone, that one is meant.
  const suggestions = lines.flatMap(({ item, live }) => {
    const { places = [] } = live.preview ?? {};
    if (item.sent || !live.fresh || places.length < 2) return [];
    const good = places.filter(({ blocked }) => !blocked);
    const only = good.length === 1 ? good[0].cluster : undefined;
    return only === item.suggested ? [] : [[item.api.ref, only] as const];
  });
  const suggested = JSON.stringify(suggestions);
  useEffect(() => {
    const all: [string, string | null | undefined][] = JSON.parse(suggested);
    for (const [ref, only] of all)
      changeItem(ref, { suggested: only ?? undefined });
  }, [suggested, changeItem]);

  const hasReason = (item: SittingItem) => {
    const { length } = reasonOf(sitting, item);
    return length > 0 && length <= CALLGATE_LIMITS.reason;
  };
  const isSendable = ({ item, live }: SittingLine) =>
    !item.sent &&
    live.fresh &&
    live.preview?.send.allowed === true &&
    hasReason(item);

  const tell = (ref: string, outcome?: 'sending' | Error) =>
    setOutcomes(before => {
      const next = new Map(before);
      if (outcome) next.set(ref, outcome);
      else next.delete(ref);
      return next;
    });
  const sendOne = async ({ item, draft, live }: SittingLine) => {
    const { ref } = item.api;
    if (!draft || !live.preview) return;
    const request = requestOf(sitting, item, draft, live.preview.digest);
    const body = JSON.stringify(request);
    const key = item.attempt?.body === body ? item.attempt.key : randomKey();
    changeItem(ref, { attempt: { body, key } });
    tell(ref, 'sending');
    try {
      const { id, number } = await callgate.createRequest(request, key);
      changeItem(ref, { sent: { id, number } });
      tell(ref);
    } catch (error) {
      tell(ref, error instanceof Error ? error : new Error(String(error)));
      // What was shown is not so any more: it is looked at again before it is sent.
      if (hasErrorCode(error, 'meaning-changed')) live.reload();
    }
  };
  return {
    sitting,
    lines,
    restored,
    sending: lines.some(({ state }) => state === 'sending'),
    /** The one that somebody looks at. */
    open,
    setOpen,
    hasReason,
    isSendable,
    add: (api: EntityLabel) => {
      change(before =>
        withItem(before, { api, operations: [], acknowledges: [] }),
      );
      setOpen(api.ref);
    },
    remove: (ref: string) => {
      change(before => ({
        ...before,
        items: before.items.filter(({ api }) => api.ref !== ref),
      }));
      tell(ref);
    },
    /** What is changed is another question than the one that was not sent. */
    changeItem: (ref: string, more: Partial<SittingItem>) => {
      changeItem(ref, more);
      tell(ref);
    },
    changeAll: (more: Partial<Pick<Sitting, 'reason' | 'until'>>) =>
      change(before => ({ ...before, ...more })),
    /** Sends some, one after the other. */
    send: async (some: readonly SittingLine[]) => {
      for (const line of some) await sendOne(line);
    },
    /** Forgets what is kept, and everything that was written. */
    drop: () => {
      latest.current = EMPTY_SITTING;
      setSitting(EMPTY_SITTING);
      setRestored(false);
      setOutcomes(new Map());
      if (place.current) forgetSitting(place.current);
    },
  };
}
