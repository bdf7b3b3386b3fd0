import { useCallback, useMemo } from 'react';
import {
  type GrantAsk,
  grantAskFromSearch,
  grantAskToSearch,
} from './grantAsk';
import { useDialogInUrl } from './useDialogInUrl';

/** What is being asked of a grant on this page, kept in the URL. */
export function useGrantAskInUrl() {
  const { search, open: openDialog, close } = useDialogInUrl();
  const asked = useMemo(() => grantAskFromSearch(search), [search]);
  const open = useCallback(
    (ask: GrantAsk) => openDialog(grantAskToSearch(ask)),
    [openDialog],
  );
  return { asked, open, close };
}
