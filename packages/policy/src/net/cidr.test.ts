import { asBlock } from './cidr';

/** What `ValidateIPBlock` of Kubernetes 1.36 and later takes. */
describe('asBlock', () => {
  it.each([
    ['192.0.2.9', '192.0.2.9/32'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.9/24', '192.0.2.0/24'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['2001:db8::9', '2001:db8::9/128'],
    ['2001:DB8:0::9/64', '2001:db8::/64'],
    ['::1/0', '::/0'],
  ])('%s is %s', (text, block) => {
    expect(asBlock(text)).toBe(block);
  });

  it('leaves what is no address for whoever has to name it', () => {
    for (const text of ['', 'x', '192.0.2.300', '192.0.2.0/33'])
      expect(asBlock(text)).toBe(text);
  });
});
