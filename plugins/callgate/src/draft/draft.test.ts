import { draftFromSearch, draftToSearch, withoutDraft } from './draft';

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
