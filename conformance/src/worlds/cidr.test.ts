import { cidrHas } from './cidr';

describe('cidrHas', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['192.0.2.9/32', '192.0.2.9', true],
    ['192.0.2.9/32', '192.0.2.8', false],
    ['::/0', '10.0.0.1', false],
  ])('%s and %s: %s', (cidr, address, has) => {
    expect(cidrHas(cidr, address)).toBe(has);
  });
});
