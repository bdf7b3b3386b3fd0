import { sayAge } from './sayAge';

it.each([
  [0, 'less than a minute ago'],
  [59_999, 'less than a minute ago'],
  [60_000, '1 minute ago'],
  [4 * 60_000 + 59_999, '4 minutes ago'],
  [2 * 3_600_000, '2 hours ago'],
  [86_400_000, '1 day ago'],
])('says %p milliseconds as %p', (ms, said) => {
  expect(sayAge(ms)).toBe(said);
});
