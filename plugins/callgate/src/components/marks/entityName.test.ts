import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';
import { nameOf } from './entityName';

const t = ((key: string) => key) as unknown as Text;

function titled(title: string): EntityLabel {
  return {
    ref: 'component:default/payments',
    kind: 'component',
    namespace: 'default',
    name: 'payments',
    title,
    state: 'visible',
  };
}

describe('a name in running text', () => {
  // Without isolates "(2)" after an Arabic name would be drawn before it, and two such names in the wrong order.
  it.each(['المدفوعات', 'תשלומים', 'Pay תשלומים'])(
    'from right to left stands apart, so that the sentence around it keeps its order: %s',
    title => {
      expect(nameOf(t, titled(title))).toBe(`\u2068${title}\u2069`);
    },
  );

  it.each(['Payments', 'Überweisungen', '支払い'])(
    'from left to right is as it is: %s',
    title => {
      expect(nameOf(t, titled(title))).toBe(title);
    },
  );

  it('cannot end the isolate that holds it', () => {
    expect(nameOf(t, titled('ת\u2069 (2)\u202E'))).toBe('\u2068ת (2)\u2069');
  });
});
