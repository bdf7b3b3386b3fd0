import { dayAt, parseDay } from '@callgate/policy';
import { domainError } from '../access/domainError';

const DAY_MS = 86_400_000;
/** A date and a time with its distance from UTC: without that nobody knows which moment is meant. */
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The moment that evidence is asked for.
 *
 * @param asked - a day of UTC, meant at its end, or a moment by ISO 8601; absent: now
 * @param now - milliseconds since 1970
 * @returns milliseconds since 1970
 * @throws InputError with code `bad-moment`
 */
export function readMoment(asked: string | undefined, now: number): number {
  if (asked === undefined || asked === '') return now;
  const [, date = asked, hour = '0', minute = '0', second = '0'] =
    MOMENT.exec(asked) ?? [];
  const isMoment = date !== asked;
  const read = parseDay(date);
  if ('problem' in read) {
    throw domainError(
      'bad-moment',
      isMoment
        ? `at ${read.problem}.`
        : `at is neither a day such as 2027-03-01 nor a moment such as 2027-03-01T12:00:00Z.${
            /^\d{4}-\d{2}-\d{2}$/.test(asked) ? ` It ${read.problem}.` : ''
          }`,
    );
  }
  if (!isMoment) {
    if (read.day > dayAt(now)) throw ahead();
    // What is left of today has not happened yet.
    return Math.min(Date.parse(`${read.day}T00:00:00Z`) + DAY_MS - 1, now);
  }
  const at = Date.parse(asked.toUpperCase());
  if (
    Number.isNaN(at) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  ) {
    throw domainError('bad-moment', 'at names a time that no day has.');
  }
  if (at > now) throw ahead();
  return at;
}

function ahead(): Error {
  return domainError(
    'bad-moment',
    'at is in the future: there is evidence of what was, up to now.',
  );
}
