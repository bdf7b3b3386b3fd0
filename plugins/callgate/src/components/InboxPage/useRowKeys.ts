import { RefObject, useEffect } from 'react';

const STEPS: { [key: string]: number } = { j: 1, k: -1 };

/**
 * j and k move the focus over what is marked with `data-row` in a list. Enter needs nothing: the rows are links. Keys
 * that somebody types into a field, holds with a modifier, or presses while a dialog is open are not ours.
 */
export function useRowKeys(list: RefObject<HTMLElement>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (
        !step ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isElsewhere(event.target)
      ) {
        return;
      }
      const rows = Array.from(
        list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [],
      );
      const at = rows.findIndex(row => row === document.activeElement);
      const next =
        at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1);
      if (rows[next]) {
        event.preventDefault();
        rows[next].focus();
        rows[next].scrollIntoView?.({ block: 'nearest' });
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]',
    ) !== null
  );
}
