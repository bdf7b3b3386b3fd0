import { readMoment } from './moment';

const NOW = Date.parse('2028-03-01T10:00:00Z');

it.each([
  [undefined, NOW],
  ['', NOW],
  // A day is meant at its end.
  ['2027-03-01', Date.parse('2027-03-01T23:59:59.999Z')],
  ['2028-02-29', Date.parse('2028-02-29T23:59:59.999Z')],
  // What is left of today has not happened.
  ['2028-03-01', NOW],
  ['2027-03-01T12:00:00Z', Date.parse('2027-03-01T12:00:00Z')],
  ['2027-03-01t12:00z', Date.parse('2027-03-01T12:00:00Z')],
  ['2027-03-01T12:00:00.5+02:00', Date.parse('2027-03-01T10:00:00.5Z')],
  ['2028-03-01T10:00:00Z', NOW],
])('reads %p', (asked, at) => {
  expect(readMoment(asked, NOW)).toBe(at);
});

it.each([
  ['2028-03-02', /in the future/],
  ['2028-03-01T10:00:01Z', /in the future/],
  ['2028-03-01T12:30:00+02:00', /in the future/],
  ['2027-02-29', /February 2027 has 28 days/],
  ['2027-02-29T12:00:00Z', /February 2027 has 28 days/],
  ['2027-13-01', /no month 13/],
  ['2027-03-01T24:00:00Z', /no day has/],
  ['2027-03-01T12:60:00Z', /no day has/],
  // Nobody knows which moment that is.
  ['2027-03-01T12:00:00', /neither a day .* nor a moment/],
  ['yesterday', /neither a day .* nor a moment/],
  ['2027-3-1', /neither a day .* nor a moment/],
  ['=cmd|', /neither a day .* nor a moment/],
  ['1234567890', /neither a day .* nor a moment/],
])('refuses %p', (asked, why) => {
  let error: unknown;
  try {
    readMoment(asked, NOW);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({
    name: 'InputError',
    code: 'bad-moment',
    message: expect.stringMatching(why),
  });
});
