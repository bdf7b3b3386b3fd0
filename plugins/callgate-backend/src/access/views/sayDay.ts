const FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A day such as 2027-03-01 as people say it: `1 March 2027`. What is no day stays as it is written. */
export function sayDay(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : FORMAT.format(time);
}

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/**
 * A moment as people say it: `1 March 2027 at 03:10 UTC`.
 *
 * @param at - milliseconds since 1970
 */
export function sayMoment(at: number): string {
  return `${MOMENT.format(at)} UTC`;
}
