import { headChangeText } from './headChange';

describe('what changed since a pull request was shown', () => {
  const request = (summary: string) => ({
    id: summary,
    state: 'proposed' as const,
    summary,
    caller: {
      ref: 'component:default/cart',
      kind: 'component',
      namespace: 'default',
      name: 'cart',
      state: 'visible' as const,
    },
  });
  const change = {
    cause: 'rebuilt' as const,
    shown: 'a'.repeat(40),
    head: 'b'.repeat(40),
    came: [],
    went: [],
  };

  it('names what came and what went, and what to do', () => {
    expect(
      headChangeText({
        ...change,
        came: [request('Cart → GET /orders')],
        went: [request('Checkout → GET /orders'), request('Web → GET /orders')],
      }),
    ).toBe(
      'Since it was shown to you, Cart → GET /orders came in, and Checkout → GET /orders, Web → GET /orders are no longer in it. Its head is bbbbbbb now: read it again, then decide.',
    );
  });

  it('claims nothing about requests that its reader may not see', () => {
    expect(headChangeText(change)).toBe(
      'It was built again since it was shown to you. Its head is bbbbbbb now: read it again, then decide.',
    );
  });

  it('says that somebody else pushed', () => {
    expect(headChangeText({ ...change, cause: 'pushed' })).toMatch(
      /^Somebody else has pushed bbbbbbb/,
    );
  });
});
