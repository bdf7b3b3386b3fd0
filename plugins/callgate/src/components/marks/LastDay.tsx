import { makeStyles } from '@material-ui/core/styles';
import { type Text, useText } from '../../translation';
import { toneText } from './tones';

const DAY_MS = 86_400_000;
/** Within so many days the end is near enough to act. */
const NEAR_DAYS = 14;

const useStyles = makeStyles(theme => ({
  near: { color: toneText(theme, 'warn'), fontWeight: 600 },
}));

/** `until 1 March 2027 (in 14 days)`: the last day of a grant, in UTC. */
export function LastDay(props: {
  /** Such as 2027-03-01. */
  day: string;
}) {
  const { day } = props;
  const classes = useStyles();
  const t = useText();
  const days = daysFromToday(day, Date.now());
  if (days === undefined) {
    return <>{t('marks.until', { day })}</>;
  }
  const when = new Intl.RelativeTimeFormat(t('marks.locale'), {
    numeric: 'auto',
  }).format(days, 'day');
  return (
    <time dateTime={day} className={days <= NEAR_DAYS ? classes.near : ''}>
      {t(days < 0 ? 'marks.wasUntil' : 'marks.untilIn', {
        day: dayText(t, day),
        when,
      })}
    </time>
  );
}

/** `1 March 2027` for 2027-03-01; what is no day stays as it is written. */
export function dayText(t: Text, day: string): string {
  const time = timeOf(day);
  return time === undefined
    ? day
    : new Intl.DateTimeFormat(t('marks.dayLocale'), {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: 'UTC',
      }).format(time);
}

/** How many days a day is from the one of `now` in UTC; negative: it is over. */
function daysFromToday(day: string, now: number): number | undefined {
  const time = timeOf(day);
  return time === undefined
    ? undefined
    : Math.round((time - Math.floor(now / DAY_MS) * DAY_MS) / DAY_MS);
}

function timeOf(day: string): number | undefined {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : time;
}
