import { isolated } from './isolated';

describe('a name in a sentence', () => {
  it.each([
    'Orders API',
    'Zahlungen',
    '注文',
    'Заказы',
    'Commandes à venir',
    '',
  ])(
    'that runs from left to right stays as it is, so that it can be copied and found: “%s”',
    name => {
      expect(isolated(name)).toBe(name);
    },
  );

  it.each(['הזמנות', 'الطلبات', 'Orders (الطلبات)'])(
    'that has letters which run from right to left is set apart, so that it does not turn the sentence around: “%s”',
    name => {
      expect(isolated(name)).toBe(`\u2068${name}\u2069`);
    },
  );

  it.each([
    ['an override', 'Orders\u202Eevil', '\u2068Orders\u202Eevil\u2069'],
    [
      'an end of the isolate',
      'Orders\u2069\u202Eevil',
      '\u2068Orders\u202Eevil\u2069',
    ],
    ['an isolate of its own', '\u2067Orders', '\u2068Orders\u2069'],
  ])('cannot reach beyond itself with %s', (_, name, told) => {
    expect(isolated(name)).toBe(told);
  });
});
