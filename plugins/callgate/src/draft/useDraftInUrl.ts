import { useCallback, useMemo } from 'react';
import { useSearchParams } from '../routing';
import {
  DraftMode,
  DraftStart,
  draftFromSearch,
  draftToSearch,
  withoutDraft,
} from './draft';

/** Which request is being written on this page, kept in the URL: a link opens it filled in. */
export function useDraftInUrl() {
  const [search, setSearch] = useSearchParams();
  const asked = useMemo(() => draftFromSearch(search), [search]);
  const open = useCallback(
    (mode: DraftMode, draft: DraftStart = {}) =>
      setSearch(previous => {
        const next = withoutDraft(previous);
        draftToSearch(mode, draft).forEach((value, name) =>
          next.append(name, value),
        );
        return next;
      }),
    [setSearch],
  );
  const close = useCallback(
    () => setSearch(previous => withoutDraft(previous), { replace: true }),
    [setSearch],
  );
  return { asked, open, close };
}
