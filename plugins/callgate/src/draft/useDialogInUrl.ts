import { useCallback } from 'react';
import { useLocation, useNavigate, useSearchParams } from '../routing';
import { withoutDraft } from './draft';

/** Marks an entry of the browser's history that a dialog has made: the one before it is the page without the dialog. */
const OPENED_HERE = 'callgateDialog';

/**
 * A dialog that is open as long as the URL says so. Back closes it, a reload keeps it, and so does another theme, with which
 * Backstage draws every page anew.
 */
export function useDialogInUrl(): {
  search: URLSearchParams;
  /** Opens the dialog that these parameters name; instead of the one that is open, where there is one. */
  open: (params: URLSearchParams) => void;
  close: () => void;
} {
  const [search, setSearch] = useSearchParams();
  const { state } = useLocation();
  const navigate = useNavigate();
  const openedHere =
    typeof state === 'object' && state !== null && OPENED_HERE in state;
  const open = useCallback(
    (params: URLSearchParams) =>
      setSearch(
        previous => {
          const next = withoutDraft(previous);
          params.forEach((value, name) => next.append(name, value));
          return next;
        },
        search.has('ask')
          ? { replace: true, state }
          : { state: { [OPENED_HERE]: true } },
      ),
    [setSearch, search, state],
  );
  const close = useCallback(() => {
    // What a link opened has no page of ours before it.
    if (openedHere) navigate(-1);
    else setSearch(previous => withoutDraft(previous), { replace: true });
  }, [openedHere, navigate, setSearch]);
  return { search, open, close };
}
