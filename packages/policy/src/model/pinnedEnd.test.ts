import { formatPinnedEnd, parsePinnedEnd } from './pinnedEnd';

describe('pinned ends', () => {
  it.each([
    'prod-eu:storefront/sa/checkout',
    'prod-eu:storefront/sa/default?app=cart&tier=web',
    'prod:shop/sa/default?app.kubernetes.io/name=cart',
    'cidr:192.0.2.0/24',
    'cidr:2001:db8::/32',
  ])('are read and written alike: %s', text => {
    const end = parsePinnedEnd(text);
    expect(end).not.toBeUndefined();
    expect(end && formatPinnedEnd(end)).toBe(text);
  });

  it('are equal texts for equal ends', () => {
    const end = parsePinnedEnd('prod:shop/sa/default?b=2&a=1');
    expect(end && formatPinnedEnd(end)).toBe('prod:shop/sa/default?a=1&b=2');
  });

  it.each([
    '',
    'storefront/sa/checkout',
    'prod:storefront/checkout',
    'prod:storefront/sa/',
    'prod:store front/sa/checkout',
    'prod:shop/sa/default?',
    'prod:shop/sa/default?app',
    'prod:shop/sa/default?app=a&&tier=b',
    'cidr:everyone',
    `prod:shop/sa/${'a'.repeat(3000)}`,
  ])('are nothing else: %s', text => {
    expect(parsePinnedEnd(text)).toBeUndefined();
  });
});
