import { useCallback } from 'react';
import { useDialogInUrl } from './useDialogInUrl';

/** For which caller several APIs are being asked for on this page, kept in the URL: `?ask=several&caller=component:default/cart`. */
export function useSittingInUrl() {
  const { search, open: openDialog, close } = useDialogInUrl();
  const caller =
    search.get('ask') === 'several'
      ? search.get('caller') ?? undefined
      : undefined;
  const open = useCallback(
    (ref: string) =>
      openDialog(new URLSearchParams({ ask: 'several', caller: ref })),
    [openDialog],
  );
  return { caller, open, close };
}
