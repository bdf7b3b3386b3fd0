import { AddressSet } from './AddressSet';
import { parseCidr } from './cidr';

describe('AddressSet', () => {
  const of = (...cidrs: string[]) => AddressSet.ofCidrs(cidrs);

  it('writes minimal, disjoint, sorted prefixes', () => {
    expect(
      of('10.0.1.0/24', '10.0.0.0/24', '10.0.0.7/32', '::1').toCidrs(),
    ).toEqual(['10.0.0.0/23', '::1/128']);
  });

  it('cuts an exception out of a block', () => {
    const rest = of('10.0.0.0/30').subtract(of('10.0.0.1/32'));
    expect(rest.toCidrs()).toEqual(['10.0.0.0/32', '10.0.0.2/31']);
    expect(rest.overlaps(of('10.0.0.1'))).toBe(false);
    expect(of('10.0.0.0/8').covers(rest)).toBe(true);
    expect(rest.covers(of('10.0.0.0/31'))).toBe(false);
  });

  it('keeps the families apart', () => {
    expect(of('0.0.0.0/0').covers(of('::/0'))).toBe(false);
    expect(AddressSet.everything.toCidrs()).toEqual(['0.0.0.0/0', '::/0']);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0',
    '010.0.0.1',
    '256.1.1.1',
    '::/129',
    '1::2::3',
    'x',
    '10.0.0.1/08',
    '',
  ])('does not take %p for addresses', text =>
    expect(parseCidr(text)).toBeUndefined(),
  );
});
