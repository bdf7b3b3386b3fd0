import { useCallback, useRef } from 'react';
import { Loaded, useLoaded } from './useLoaded';

/** A page of a list, as the backend answers. */
export interface ListPage<T> {
  items: T[];
  /** Of the whole list. */
  total: number;
  nextCursor?: string;
}

/** A list that grows on demand. */
export interface Pages<P extends ListPage<unknown>> extends Loaded<P> {
  /** Reads one page more. */
  more: () => void;
}

/**
 * Loads a list page by page. Reading again reads every page that is shown, so that the list stays one list and no row
 * is there twice or missing.
 */
export function usePages<P extends ListPage<unknown>>(
  key: string,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
): Pages<P> {
  const wanted = useRef({ key, pages: 1 });
  if (wanted.current.key !== key) {
    wanted.current = { key, pages: 1 };
  }
  const loaded = useLoaded(key, async signal => {
    const { pages } = wanted.current;
    let list = await load(undefined, signal);
    for (let page = 1; page < pages && list.nextCursor; page++) {
      const next = await load(list.nextCursor, signal);
      list = { ...next, items: [...list.items, ...next.items] };
    }
    return list;
  });
  const { reload } = loaded;
  const more = useCallback(() => {
    wanted.current.pages += 1;
    reload();
  }, [reload]);
  return { ...loaded, more };
}
