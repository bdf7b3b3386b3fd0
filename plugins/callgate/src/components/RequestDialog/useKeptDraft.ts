import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useEffect, useRef, useState } from 'react';
import type { DraftMode, DraftStart } from '../../draft';
import { useLoaded } from '../../hooks';
import { type DraftPlace, forget, keep, readKept } from './keptDraft';
import type { RequestForm } from './useRequestForm';

/**
 * Keeps what somebody writes in this tab, so that it is there again after the page was loaded anew or left. It is theirs
 * alone: whoever signs in after them does not see it.
 */
export function useKeptDraft(options: {
  api: string;
  mode: DraftMode;
  start: DraftStart;
  form: RequestForm;
}): {
  /** Whether what stands there was written before. */
  restored: boolean;
  /** Who writes; absent until that is known. */
  person: string | undefined;
  /** Forgets it: it was sent or discarded. */
  drop: () => void;
} {
  const { api, mode, start, form } = options;
  const identity = useApi(identityApiRef);
  const me = useLoaded('me', () => identity.getBackstageIdentity());
  const person = me.value?.userEntityRef;
  const place = useRef<DraftPlace>(undefined);
  const [restored, setRestored] = useState(false);
  const { restore, touched } = form;
  const text = JSON.stringify(form.kept);

  useEffect(() => {
    if (person === undefined || place.current) return;
    place.current = { person, api, mode, start };
    const before = touched ? undefined : readKept(place.current);
    if (before) {
      restore(before);
      setRestored(true);
    }
    // Once, as soon as it is known who writes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [person]);
  useEffect(() => {
    if (touched && place.current) keep(place.current, JSON.parse(text));
  }, [touched, text, person]);

  return {
    restored,
    person,
    drop: () => {
      if (place.current) forget(place.current);
      setRestored(false);
    },
  };
}
