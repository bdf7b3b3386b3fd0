import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkPortal } from './checkPortal';
import { PortalClient } from './PortalClient';
import type { PortalError } from './PortalError';

const TOKEN = 'secret-of-the-agent';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = http.createServer(listener);
  servers.push(server);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(to: string): Promise<unknown> {
  return new PortalClient({ to, cluster: 'prod', token: () => TOKEN }).send(
    { session: 's', form: 1, problems: [] },
    new AbortController().signal,
  );
}

const failureOf = (to: string) =>
  send(to).then(
    () => undefined,
    (error: PortalError) => error,
  );

it('follows nothing that redirects, and says where the token did not go and why', async () => {
  const seen: unknown[] = [];
  const other = await serve(({ headers }, response) => {
    seen.push(headers);
    response.end('{"state":"taken","missing":[]}');
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const to = await serve((_, response) =>
      response.writeHead(status, { location: `${other}/login` }).end(),
    );
    const error = await failureOf(to);
    expect(error?.message).toContain(
      `it sends on to another address (${status}), where the token is not sent`,
    );
  }
  expect(seen).toEqual([]);
});

it('repeats no token that an answer has', async () => {
  const to = await serve(({ headers }, response) => {
    const error = { message: `Bad header: ${headers.authorization}` };
    response.writeHead(502).end(JSON.stringify({ error }));
  });
  const error = await failureOf(to);
  expect(error?.message).toBe('Bad header: Bearer (the token) (502)');
});

it('says what to do about a certificate of an authority that is not known', async () => {
  const cause = { code: 'SELF_SIGNED_CERT_IN_CHAIN' };
  const fetched = jest
    .spyOn(globalThis, 'fetch')
    .mockRejectedValue(Object.assign(new TypeError('fetch failed'), { cause }));
  const error = await failureOf('https://portal.example.com');
  fetched.mockRestore();
  expect(error?.message).toContain(
    'it cannot be reached (SELF_SIGNED_CERT_IN_CHAIN: its certificate follows from none that is trusted; NODE_EXTRA_CA_CERTS',
  );
});

it.each(['', '/', '/backstage', '/backstage//'])(
  'sends below the path of the address: %j',
  async prefix => {
    const paths: unknown[] = [];
    const to = await serve(({ url }, response) => {
      paths.push(url);
      response.end('{"state":"taken","missing":[]}');
    });
    await send(`${to}${prefix}`);
    expect(paths).toEqual([
      `${prefix.replace(/\/+$/, '')}/api/callgate/estates/prod`,
    ]);
  },
);

it.each(['https://p.example#', 'https://p.example/?', 'https://p.example/#/x'])(
  'is no address of a portal, since what follows would not be its path: %s',
  text => {
    expect(checkPortal(text, { allowHttp: false })).toBe(
      'must not have ? or # in it',
    );
  },
);
