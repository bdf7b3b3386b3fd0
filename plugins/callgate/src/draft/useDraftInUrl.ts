import { useCallback, useMemo } from 'react';
import { DraftMode, DraftStart, draftFromSearch, draftToSearch } from './draft';
import { useDialogInUrl } from './useDialogInUrl';

/** Which request is being written on this page, kept in the URL: a link opens it filled in. */
export function useDraftInUrl() {
  const { search, open: openDialog, close } = useDialogInUrl();
  const asked = useMemo(() => draftFromSearch(search), [search]);
  const open = useCallback(
    (mode: DraftMode, draft: DraftStart = {}) =>
      openDialog(draftToSearch(mode, draft)),
    [openDialog],
  );
  return { asked, open, close };
}
