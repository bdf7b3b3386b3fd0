import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { CallgateRest } from './CallgateRest';

const PRIYA = mockCredentials.user('user:default/priya');

let answer: { status: number; body: string };
let asked: {
  method?: string;
  url?: string;
  headers: http.IncomingHttpHeaders;
}[];
let server: http.Server;
let callgate: CallgateRest;

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: '{}' };
  server = http.createServer(({ method, url, headers }, response) => {
    asked.push({ method, url, headers });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(answer.body);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  callgate = new CallgateRest({
    auth: mockServices.auth(),
    discovery: {
      getBaseUrl: async plugin => `http://127.0.0.1:${port}/api/${plugin}`,
      getExternalBaseUrl: async () => '',
    },
  });
});
afterEach(() => server.close());

it('asks as the person, with a token for Callgate and the key that makes it safe to ask again', async () => {
  await callgate.createRequest(
    { api: 'a', caller: 'c', operations: [], digest: 'd' },
    'key-1',
    PRIYA,
  );
  expect(asked).toMatchObject([
    {
      method: 'POST',
      url: '/api/callgate/requests',
      headers: {
        'idempotency-key': 'key-1',
        authorization: mockCredentials.service.header({
          onBehalfOf: PRIYA,
          targetPluginId: 'callgate',
        }),
      },
    },
  ]);
});

it('reads an API by a ref in short', async () => {
  await callgate.getApiAccess('orders', PRIYA);
  await callgate.getApiAccess('API:team-a/orders', PRIYA);
  expect(asked.map(({ url }) => url)).toEqual([
    '/api/callgate/apis/default/orders',
    '/api/callgate/apis/team-a/orders',
  ]);
});

it.each(['component:default/orders', 'api:/orders'])(
  'asks nothing about %s, which is no API',
  async ref => {
    await expect(callgate.getApiAccess(ref, PRIYA)).rejects.toMatchObject({
      name: 'InputError',
    });
    expect(asked).toEqual([]);
  },
);

it('throws what Callgate refuses as it says it', async () => {
  answer = {
    status: 403,
    body: JSON.stringify({
      error: { name: 'NotAllowedError', message: 'You own neither.' },
      response: { statusCode: 403 },
    }),
  };
  await expect(callgate.getRequest('1', PRIYA)).rejects.toMatchObject({
    name: 'NotAllowedError',
    message: 'You own neither.',
    // In a log it says what was refused, and who asked.
    stack: expect.stringMatching(/You own neither[^]*CallgateRest/),
  });
});

it('says that something failed where what comes is no answer of Callgate', async () => {
  answer = { status: 502, body: '<html>' };
  await expect(callgate.getRequest('1', PRIYA)).rejects.toThrow(/502/);
});

it.each([
  ['a program', mockCredentials.service('deploy-bot')],
  ['a plugin', mockCredentials.service('plugin:scaffolder')],
  ['nobody', mockCredentials.none()],
])('asks nothing for %s', async (_, credentials) => {
  await expect(callgate.getRequest('1', credentials)).rejects.toMatchObject({
    name: 'NotAllowedError',
  });
  expect(asked).toEqual([]);
});
