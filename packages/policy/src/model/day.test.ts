import { addDays, dayAt, daysUntil, parseDay } from './day';
import { parseAccessPolicy } from './parseAccessPolicy';
import { addGrant, newAccessPolicy } from './editAccessPolicy';

const text = (until: string) =>
  addGrant(
    newAccessPolicy({
      name: 'orders',
      owner: 'group:default/team',
      api: 'api:default/orders',
    }),
    {
      id: 'cart',
      caller: 'component:default/cart',
      operations: [{ id: 'listOrders' }],
      reason: 'REPLACED',
    },
  ).replace('reason: REPLACED', `until: ${until}`);

describe('days', () => {
  it.each(['2027-03-01', '2028-02-29', '9999-12-31'])('%s is one', day => {
    expect(parseDay(day)).toEqual({ day });
  });

  // 2027 is no leap year; 2100 is none although 4 divides it.
  it.each([
    ['2027-02-29', 'is not a day: February 2027 has 28 days'],
    ['2100-02-29', 'is not a day: February 2100 has 28 days'],
    ['2027-04-31', 'is not a day: April 2027 has 30 days'],
    ['2027-13-01', 'is not a day: there is no month 13'],
    ['2027-00-10', 'is not a day: there is no month 0'],
    ['2027-03-00', 'is not a day: March 2027 has 31 days'],
  ])('%s is none', (given, problem) => {
    expect(parseDay(given)).toEqual({ problem });
  });

  it.each([
    '2027-03-01T00:00:00Z',
    '2027-03-01T00:00+02:00',
    '2027-03-01 10:00',
  ])('%s is a moment', given => {
    expect(parseDay(given)).toEqual({
      problem:
        'is a moment, not a day: write the last day alone, such as 2027-03-01; it is meant in UTC, and holds until it is over',
    });
  });

  it.each(['', 'soon', '1.3.2027', '27-03-01', '2027-3-1', ' 2027-03-01'])(
    '%j is nonsense',
    given => {
      expect(parseDay(given)).toEqual({
        problem: 'is not a day: write it such as 2027-03-01',
      });
    },
  );

  it('are those of UTC', () => {
    // 23:30 in New York, where it is still the day before.
    expect(dayAt(Date.parse('2027-02-28T23:30:00-05:00'))).toBe('2027-03-01');
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(daysUntil('2027-12-31', '2028-01-01')).toBe(1);
    expect(daysUntil('2027-03-01', '2027-02-27')).toBe(-2);
  });
});

describe('until of a grant', () => {
  it('is its last day', () => {
    const { policy } = parseAccessPolicy({
      path: 'orders.yaml',
      text: text('2027-03-01'),
    });
    expect(policy?.spec.grants[0].until).toBe('2027-03-01');
  });

  it('is written with the grant, and read again', () => {
    const written = addGrant(text('2027-03-01'), {
      id: 'web',
      caller: 'component:default/web',
      operations: [{ id: 'listOrders' }],
      until: '2028-02-29',
    });
    const { policy } = parseAccessPolicy({ path: 'o.yaml', text: written });
    expect(policy?.spec.grants.map(({ until }) => until)).toEqual([
      '2027-03-01',
      '2028-02-29',
    ]);
  });

  it.each([
    ['2027-02-29', 'is not a day: February 2027 has 28 days'],
    ['2027-03-01T00:00:00+02:00', 'is a moment, not a day'],
    ['soon', 'is not a day: write it such as 2027-03-01'],
    ['20270301', 'expected string'],
  ])('%s is an error at its place', (until, message) => {
    const { policy, findings } = parseAccessPolicy({
      path: 'policies/orders.yaml',
      text: text(until),
    });
    expect(policy).toBeUndefined();
    expect(findings).toMatchObject([
      {
        code: 'policy-invalid',
        severity: 'error',
        message: expect.stringContaining(message),
        at: { file: 'policies/orders.yaml', line: 15 },
      },
    ]);
    expect(findings[0].message).toContain('spec.grants[0].until');
  });
});
