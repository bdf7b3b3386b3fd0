import { useEffect, useState } from 'react';
import { useText } from '../../translation';

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago something was, with the exact time on hover. */
export function TimeAgo(props: {
  /** ISO 8601. */
  at: string;
}) {
  const { at } = props;
  const t = useText();
  const locale = t('marks.locale');
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) {
    return <>{at}</>;
  }
  return (
    <time dateTime={at} title={new Date(time).toLocaleString(locale)}>
      {relativeTime((time - now) / 1000, locale) ?? t('marks.justNow')}
    </time>
  );
}

/** `2 hours ago`; `undefined` within the last minute. */
function relativeTime(seconds: number, locale: string): string | undefined {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) {
      return format.format(Math.trunc(seconds / length), unit);
    }
  }
  return undefined;
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
