import type { Text } from '../../translation';

/** `30 November 2026, 16:10 UTC` for a moment in ISO 8601, in the reader's time zone; what is none stays as it is written. */
export function momentText(t: Text, at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time)
    ? at
    : new Intl.DateTimeFormat(t('marks.dayLocale'), {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZoneName: 'short',
      }).format(time);
}
