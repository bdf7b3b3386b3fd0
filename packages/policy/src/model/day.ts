/** Milliseconds of a day: those of UTC are all alike. */
const DAY = 24 * 60 * 60 * 1000;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/**
 * Reads a day, `2027-03-01`. Days are those of UTC.
 *
 * @returns the day as it was written, or what is wrong with it, as the end of a sentence
 * @public
 */
export function parseDay(text: string): { day: string } | { problem: string } {
  if (/^\d{4}-\d{2}-\d{2}[Tt ]/.test(text))
    return {
      problem:
        'is a moment, not a day: write the last day alone, such as 2027-03-01; it is meant in UTC, and holds until it is over',
    };
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return { problem: 'is not a day: write it such as 2027-03-01' };
  const [year, month, day] = parts.slice(1).map(Number);
  if (month < 1 || month > 12)
    return { problem: `is not a day: there is no month ${month}` };
  // The day before the first of the next month.
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day >= 1 && day <= length
    ? { day: text }
    : {
        problem: `is not a day: ${
          MONTHS[month - 1]
        } ${year} has ${length} days`,
      };
}

/**
 * The day in which a moment is.
 *
 * @param at - milliseconds since 1970
 * @public
 */
export function dayAt(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * So many days after a day, or before it.
 *
 * @param day - as {@link parseDay} reads it
 * @public
 */
export function addDays(day: string, days: number): string {
  return dayAt(Date.parse(day) + days * DAY);
}

/**
 * How many days lie between two days; negative where the other one is earlier.
 *
 * @param from - as {@link parseDay} reads it
 * @param to - the same
 * @public
 */
export function daysUntil(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}
