import { useEffect } from 'react';

const SECONDS = 4;

/** Reads again every few seconds while something is under way, for portals without signals; not in hidden windows. */
export function usePollWhile(underWay: boolean, reload: () => void) {
  useEffect(() => {
    if (!underWay) {
      return undefined;
    }
    const timer = setInterval(() => {
      if (!document.hidden) {
        reload();
      }
    }, SECONDS * 1000);
    return () => clearInterval(timer);
  }, [underWay, reload]);
}
