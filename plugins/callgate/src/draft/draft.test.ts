import { draftFromSearch, draftToSearch, withoutDraft } from './draft';
import { grantAskFromSearch, grantAskToSearch } from './grantAsk';

describe('a draft in a URL', () => {
  it('comes back as it went in, for every kind of operation', () => {
    const draft = {
      caller: 'component:default/checkout',
      operations: [
        { id: 'listOrders' },
        { http: { methods: ['HEAD'], paths: ['/orders/{id}'] } },
        { grpc: { service: 'shop.Orders', methods: ['Get'] } },
        { tcp: { port: 5432 } },
        { udp: { port: 53 } },
        { sctp: { port: 38412 } },
      ],
      in: ['prod-eu', 'staging'],
      reason: 'order status & more',
    };
    const search = new URLSearchParams(
      draftToSearch('request', draft).toString(),
    );
    expect(draftFromSearch(search)).toEqual({ mode: 'request', draft });
  });

  it('names its API where the page is not about one', () => {
    const draft = { api: 'api:default/orders', operations: [] };
    const search = draftToSearch('request', draft);
    expect(draftFromSearch(search)).toEqual({ mode: 'request', draft });
    expect(withoutDraft(search).toString()).toBe('');
  });

  it('writes several methods and paths one by one, so that people can read them', () => {
    const search = draftToSearch('grant', {
      operations: [{ http: { methods: ['GET', 'HEAD'], paths: ['/a', '/b'] } }],
    });
    expect(search.getAll('op')).toEqual([
      'GET /a',
      'GET /b',
      'HEAD /a',
      'HEAD /b',
    ]);
  });

  it('is none when the URL does not ask for one, or for something unknown', () => {
    expect(
      draftFromSearch(new URLSearchParams('caller=x&op=y')),
    ).toBeUndefined();
    expect(
      draftFromSearch(new URLSearchParams('ask=everything')),
    ).toBeUndefined();
  });

  it('takes an operation that it cannot read for an id, which the preview then refuses by name', () => {
    const found = draftFromSearch(
      new URLSearchParams('ask=request&op=TCP+nonsense&op='),
    );
    expect(found?.draft.operations).toEqual([{ id: 'TCP nonsense' }]);
  });

  it('leaves the rest of the URL alone when it is taken out', () => {
    const search = new URLSearchParams(
      'filter=a&ask=request&caller=c&op=1&op=2&in=x&reason=r',
    );
    expect(withoutDraft(search).toString()).toBe('filter=a');
  });
});

describe('what is asked of a grant, in a URL', () => {
  const ask = {
    kind: 'end',
    api: 'api:default/orders',
    grant: 'checkout-reads',
  } as const;

  it('comes back as it went in, and is taken out as a draft is', () => {
    const search = grantAskToSearch(ask);
    expect(grantAskFromSearch(search)).toEqual(ask);
    expect(withoutDraft(search).toString()).toBe('');
  });

  it('brings the operations that are prepared for it', () => {
    const change = {
      ...ask,
      kind: 'change' as const,
      operations: [
        { id: 'listOrders' },
        { http: { methods: ['GET'], paths: ['/orders/{id}'] } },
      ],
    };
    const search = new URLSearchParams(grantAskToSearch(change).toString());
    expect(grantAskFromSearch(search)).toEqual(change);
    expect(withoutDraft(search).toString()).toBe('');
  });

  it('is none where it is a draft, something unknown, or does not say of which grant', () => {
    for (const text of [
      'ask=request&api=a&grant=g',
      'ask=erase&api=a&grant=g',
      'ask=end&grant=g',
      'ask=end&api=a',
    ]) {
      expect(grantAskFromSearch(new URLSearchParams(text))).toBeUndefined();
    }
    expect(draftFromSearch(grantAskToSearch(ask))).toBeUndefined();
  });
});
