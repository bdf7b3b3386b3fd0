import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import {
  scaffolderActionsExtensionPoint,
  type TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { JsonObject } from '@backstage/types';
import { startCallgate } from './__testUtils__/startCallgate';
import module from './index';

jest.setTimeout(60_000);

const INPUT = {
  api: 'orders',
  caller: 'component:default/checkout',
  operations: ['listOrders'],
};

/** A month from now. */
const LAST_DAY = new Date(Date.now() + 30 * 86_400_000)
  .toISOString()
  .slice(0, 10);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const actions = new Map<string, TemplateAction<any, any>>();
/** What the scaffolder keeps of each task. */
const checkpoints = new Map<string, any>();
let portal: Awaited<ReturnType<typeof startCallgate>>;

beforeAll(async () => {
  portal = await startCallgate(databases, {
    features: [module],
    extensionPoints: [
      [
        scaffolderActionsExtensionPoint,
        {
          addActions: (...added: TemplateAction<any, any>[]) =>
            added.forEach(action => actions.set(action.id, action)),
        },
      ],
    ],
  });
});
afterAll(async () => portal?.stop());

/** Runs a step as a person; says what it put out. */
async function run(
  action: 'preview' | 'request',
  options: {
    as?: string;
    input?: JsonObject;
    task?: string;
    isDryRun?: boolean;
  } = {},
) {
  const { as = 'priya', input = {}, task = 'task-1', isDryRun } = options;
  const put: Record<string, any> = {};
  await actions.get(`callgate:access:${action}`)!.handler({
    ...createMockActionContext({
      input: { ...INPUT, ...input },
      task: { id: task },
    }),
    getInitiatorCredentials: async () =>
      mockCredentials.user(`user:default/${as}`),
    checkpoint: async ({ key, fn }) => {
      const id = `${task} ${key}`;
      if (!checkpoints.has(id)) checkpoints.set(id, await fn());
      return checkpoints.get(id);
    },
    output: (name: string, value: unknown) => {
      put[name] = value;
    },
    isDryRun,
  });
  return put;
}

async function requestsOf(person: string) {
  const response = await fetch(
    `http://localhost:${portal.port}/api/callgate/requests?tab=all`,
    {
      headers: {
        Authorization: mockCredentials.user.header(`user:default/${person}`),
      },
    },
  );
  return (await response.json()).items;
}

describe('callgate:access:preview', () => {
  it('says what it means, what it is identified by, and who decides', async () => {
    const put = await run('preview');
    expect(put).toMatchObject({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      canBeSent: true,
      decidedBy: expect.stringContaining('omar'),
    });
    expect(put.means).toEqual([
      expect.stringMatching(/^Opens Checkout → GET \/orders of Orders/),
      // Nothing closes the API yet, so whoever calls it without a grant is cut by the first one.
      'In prod it closes Orders to everyone without a grant. Cut, allowed today without a grant: Warehouse, addresses outside the cluster.',
    ]);
    expect(put.findings).toContainEqual(
      expect.stringMatching(/^HEAD is not granted .*Grant HEAD as well/),
    );
    expect(put).not.toHaveProperty('whyNot');
  });

  it('fails nothing where it cannot be sent, and says why', async () => {
    const put = await run('preview', { as: 'wanda' });
    expect(put.canBeSent).toBe(false);
    expect(put.whyNot).toMatch(/^You own neither .*Ask an owner/);
  });

  it('says what is wrong with what cannot be read', async () => {
    await expect(
      run('preview', { input: { api: 'api:default/nowhere' } }),
    ).rejects.toThrow(/api:default\/nowhere/);
  });
});

describe('callgate:access:request', () => {
  it('sends nothing in a dry run', async () => {
    const put = await run('request', { isDryRun: true });
    expect(put).toMatchObject({ canBeSent: true });
    expect(put).not.toHaveProperty('requestId');
    expect(await requestsOf('omar')).toEqual([]);
  });

  it('fails with the reason where it cannot be sent, also in a dry run', async () => {
    for (const isDryRun of [true, false]) {
      await expect(run('request', { as: 'wanda', isDryRun })).rejects.toThrow(
        /^Access cannot be asked for: You own neither .*Ask an owner/,
      );
    }
    expect(await requestsOf('omar')).toEqual([]);
  });

  it('fails for a caller that does not run yet, and says what to do', async () => {
    await expect(
      run('request', { input: { caller: 'component:default/newcomer' } }),
    ).rejects.toThrow(
      /^Access cannot be asked for: No workload .* Newcomer .*add the manifests of the workload to the estate\.$/,
    );
    expect(await requestsOf('omar')).toEqual([]);
  });

  it('asks as the person who runs the template, once however often the step runs', async () => {
    const input = { reason: 'Order status', until: LAST_DAY };
    const put = await run('request', { input });
    const [request, ...more] = await requestsOf('omar');
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      id: put.requestId,
      number: put.requestNumber,
      state: 'submitted',
      requestedBy: { ref: 'user:default/priya' },
      caller: { ref: 'component:default/checkout' },
      operations: [{ id: 'listOrders' }],
      reasonLine: 'Order status',
      until: LAST_DAY,
      waitsForMe: true,
    });
    expect(put).toMatchObject({
      state: 'submitted',
      url: `https://portal.example/access/requests/${request.id}`,
    });

    // The task goes on after a restart: with what the scaffolder kept of it, and without, by the key alone.
    expect(await run('request', { input })).toEqual(put);
    checkpoints.clear();
    expect(await run('request', { input })).toEqual(put);
    expect(await requestsOf('omar')).toHaveLength(1);

    // With `each` the same step asks for something else.
    const other = await run('request', {
      input: { ...input, operations: ['createOrder'] },
    });
    expect(other.requestNumber).not.toBe(put.requestNumber);
    expect(await requestsOf('omar')).toHaveLength(2);
  });
});
