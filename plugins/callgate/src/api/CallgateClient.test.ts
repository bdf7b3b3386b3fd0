import { CallgateClient } from './CallgateClient';
import {
  CallgateError,
  hasErrorCode,
  isNotAllowed,
  isNotFound,
  isUnreachable,
} from './CallgateError';

function clientAnswering(status: number, body: unknown) {
  const fetch = jest.fn(
    async (_url: RequestInfo | URL, _init?: RequestInit) =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status,
        headers: {
          'Content-Type':
            typeof body === 'string' ? 'text/html' : 'application/json',
        },
      }),
  );
  return { fetch, client: new CallgateClient({ fetchApi: { fetch } }) };
}

describe('CallgateClient', () => {
  it('asks for an API by namespace and name, whatever characters they have', async () => {
    const { fetch, client } = clientAnswering(200, { callers: [] });
    await client.getApiAccess('api:shop/orders v2');
    expect(fetch.mock.calls[0][0]).toBe(
      'plugin://callgate/apis/shop/orders%20v2',
    );
  });

  it('repeats a parameter for each of its values and leaves out what is absent', async () => {
    const { fetch, client } = clientAnswering(200, { items: [], total: 0 });
    await client.listRequests({
      tab: 'waiting',
      state: ['submitted', 'approved'],
      cursor: undefined,
      limit: 25,
    });
    expect(fetch.mock.calls[0][0]).toBe(
      'plugin://callgate/requests?tab=waiting&state=submitted&state=approved&limit=25',
    );
  });

  it('sends a request with its idempotency key', async () => {
    const { fetch, client } = clientAnswering(201, { id: '01J' });
    const request = {
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }],
      digest: '5f2c',
    };
    await client.createRequest(request, 'key-1');
    const [target, init] = fetch.mock.calls[0];
    expect(target).toBe('plugin://callgate/requests');
    expect(init?.method).toBe('POST');
    expect(init?.headers).toMatchObject({ 'Idempotency-Key': 'key-1' });
    expect(JSON.parse(String(init?.body))).toEqual(request);
  });

  it('throws the error of the body with its code and status', async () => {
    const { client } = clientAnswering(409, {
      error: {
        name: 'ConflictError',
        message: 'It has changed.',
        code: 'meaning-changed',
      },
      response: { statusCode: 409 },
    });
    const error = await client
      .approveRequest('01J', { digest: 'a' })
      .catch(e => e);
    expect(error).toBeInstanceOf(CallgateError);
    expect(error).toMatchObject({
      name: 'ConflictError',
      message: 'It has changed.',
      status: 409,
    });
    expect(hasErrorCode(error, 'meaning-changed')).toBe(true);
    expect(hasErrorCode(error, 'version-conflict')).toBe(false);
  });

  it('throws an error that names the status when something in between answers with a page', async () => {
    const { client } = clientAnswering(502, '<h1>Bad gateway</h1>');
    const error = await client.getRequest('01J').catch(e => e);
    expect(error).toBeInstanceOf(CallgateError);
    expect(error.status).toBe(502);
    expect(error.message).toContain('502');
    expect(isNotFound(error)).toBe(false);
  });

  it('says with the status 0 that no answer came, and that somebody stopped waiting as it is', async () => {
    const failure = new TypeError('Failed to fetch');
    const client = new CallgateClient({
      fetchApi: {
        fetch: async () => {
          throw failure;
        },
      },
    });
    const error = await client.getRequest('01J').catch(e => e);
    expect(error).toMatchObject({ status: 0, message: 'Failed to fetch' });
    expect(isUnreachable(error)).toBe(true);
    const gone = AbortSignal.abort();
    expect(await client.getRequest('01J', { signal: gone }).catch(e => e)).toBe(
      failure,
    );
    expect(isUnreachable(failure)).toBe(false);
  });

  it('tells what is not there from what may not be done', async () => {
    const answer = (name: string, status: number) =>
      clientAnswering(status, {
        error: { name, message: 'no' },
        response: { statusCode: status },
      })
        .client.getProposal('1')
        .catch(e => e);
    expect(isNotFound(await answer('NotFoundError', 404))).toBe(true);
    expect(isNotAllowed(await answer('NotAllowedError', 403))).toBe(true);
    expect(isNotAllowed(await answer('NotFoundError', 404))).toBe(false);
  });
});
