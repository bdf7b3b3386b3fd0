const STEPS: readonly [ms: number, name: string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** `4 minutes ago`, rounded down. */
export function sayAge(ms: number): string {
  const [unit, name] = STEPS.find(([each]) => ms >= each) ?? [];
  if (unit === undefined) return 'less than a minute ago';
  const count = Math.floor(ms / unit);
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}
