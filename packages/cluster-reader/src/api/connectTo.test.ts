import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connectTo } from './connectTo';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-kubeconfig-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const kubeconfig = (user: object, server = 'https://10.0.0.1:6443') =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'prod', context: { cluster: 'c', user: 'u' } },
      { name: 'none', context: { cluster: 'c', user: 'missing' } },
    ],
  });

function connect(text: string, context?: string, now?: () => number) {
  const file = path.join(folder, 'config');
  fs.writeFileSync(file, text);
  return connectTo(
    { type: 'kubeconfig', file, ...(context && { context }) },
    now,
  );
}

describe('connectTo', () => {
  it('reads the address and the token of a kubeconfig', async () => {
    const connection = await connect(kubeconfig({ token: 'secret' }))();
    expect(connection).toMatchObject({
      server: 'https://10.0.0.1:6443',
      headers: { Authorization: 'Bearer secret' },
    });
  });

  it.each<[string, string, string | undefined, RegExp]>([
    [
      'a program',
      kubeconfig({ exec: { command: 'touch', args: ['ran'] } }),
      undefined,
      /from a program \(exec\), and Callgate runs no programs/,
    ],
    [
      'an auth-provider',
      kubeconfig({
        'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch' } },
      }),
      undefined,
      /from an auth-provider/,
    ],
    ['nothing', kubeconfig({}), undefined, /neither a token nor a certificate/],
    [
      'a user that is not there',
      kubeconfig({ token: 'secret' }),
      'none',
      /names no user that is in the file/,
    ],
    [
      'a context that is not there',
      kubeconfig({ token: 'secret' }),
      'dev',
      /no context dev; it has prod, none/,
    ],
    [
      'no TLS',
      kubeconfig({ token: 'secret' }, 'http://10.0.0.1'),
      undefined,
      /must begin with https/,
    ],
    [
      'text that is no kubeconfig',
      'token: [secret',
      undefined,
      /is no kubeconfig/,
    ],
  ])(
    'refuses credentials from %s, and shows none',
    async (_, text, context, message) => {
      const error = await connect(text, context)().catch(each => each);
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain('secret');
      expect(fs.readdirSync(folder)).toEqual(['config']);
    },
  );

  it('says which file is missing', async () => {
    const file = path.join(folder, 'gone');
    await expect(connectTo({ type: 'kubeconfig', file })()).rejects.toThrow(
      `the kubeconfig (${file}) does not exist`,
    );
    const missing = connectTo({
      type: 'token',
      url: 'https://10.0.0.1',
      token: 'secret',
      caFile: file,
      skipTLSVerify: false,
    });
    await expect(missing()).rejects.toThrow(`caFile (${file}) does not exist`);
  });

  it('finds a new token after a minute, and keeps open connections', async () => {
    let clock = 0;
    const connected = connect(
      kubeconfig({ token: 'old' }),
      undefined,
      () => clock,
    );
    const { agent } = await connected();
    connect(kubeconfig({ token: 'new' }));
    clock = 59_000;
    expect((await connected()).headers.Authorization).toBe('Bearer old');
    clock = 60_000;
    const fresh = await connected();
    expect(fresh.headers.Authorization).toBe('Bearer new');
    expect(fresh.agent).toBe(agent);
  });

  it('reads credentials again when the clock was set back', async () => {
    let clock = 3_600_000;
    const connected = connect(
      kubeconfig({ token: 'old' }),
      undefined,
      () => clock,
    );
    await connected();
    connect(kubeconfig({ token: 'new' }));
    clock = 0;
    expect((await connected()).headers.Authorization).toBe('Bearer new');
  });

  it('checks certificates unless it is told not to', async () => {
    const of = (skipTLSVerify: boolean) =>
      connectTo({
        type: 'token',
        url: 'https://10.0.0.1',
        token: 't',
        skipTLSVerify,
      })();
    const rejects = async (skip: boolean) =>
      (
        (await of(skip)).agent as unknown as {
          options: { rejectUnauthorized?: boolean };
        }
      ).options.rejectUnauthorized;
    expect(await rejects(false)).not.toBe(false);
    expect(await rejects(true)).toBe(false);
  });

  it('says that it runs in no cluster', async () => {
    await expect(connectTo({ type: 'in-cluster' })()).rejects.toThrow(
      /does not run in a cluster/,
    );
  });
});
