import { useMemo } from 'react';
import type { ReviewQuery } from '../../api';
import { useSearchParams } from '../../routing';

/** What narrows the list, as parameters of its URL. */
export type ReviewFilter = 'q' | 'api' | 'system';

const FILTERS: readonly ReviewFilter[] = ['q', 'api', 'system'];

/** What the page shows stands in the URL, so that a link to it shows the same. */
export function useReviewsUrl() {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  const query = useMemo((): ReviewQuery => {
    const read = new URLSearchParams(search);
    return Object.fromEntries(
      FILTERS.flatMap(name => {
        const value = read.get(name);
        return value ? [[name, value]] : [];
      }),
    );
  }, [search]);
  return {
    query,
    isNarrowed: Object.keys(query).length > 0,
    set: (name: ReviewFilter, value: string) =>
      setParams(
        previous => {
          if (value) previous.set(name, value);
          else previous.delete(name);
          return previous;
        },
        // Each letter of a search is no step to go back by.
        { replace: name === 'q' },
      ),
    clear: () =>
      setParams(previous => {
        FILTERS.forEach(name => previous.delete(name));
        return previous;
      }),
  };
}
