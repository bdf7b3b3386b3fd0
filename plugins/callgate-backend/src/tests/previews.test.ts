import { mockCredentials } from '@backstage/backend-test-utils';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  eventually,
  startShop,
  type RunningShop,
} from '../__testUtils__/startShop';
import { DRAFT } from '../__testUtils__/steps';

jest.setTimeout(120_000);

const CALL = {
  api: DRAFT.api,
  caller: DRAFT.caller,
  method: 'GET',
  path: '/orders',
};

describe('previews and explanations', () => {
  let shop: RunningShop;
  beforeAll(async () => {
    shop = await startShop();
    await shop.as('priya').post('/previews', DRAFT);
  });
  afterAll(() => shop.stop());

  /** Drafts that differ, so that none is known already. */
  const drafts = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...DRAFT,
      operations: [
        { http: { methods: ['GET'], paths: [`/orders/${at}/status`] } },
      ],
    }));

  it('answers one of many previews that one person asks for at once, and the newest', async () => {
    const answers = await Promise.all(
      drafts(12).map(draft => shop.as('stan').post('/previews', draft)),
    );
    const superseded = answers.filter(({ status }) => status === 409);
    expect(superseded.length).toBeGreaterThan(0);
    expect(answers.length - superseded.length).toBeGreaterThan(0);
    for (const { body, headers } of superseded) {
      expect(body.error.code).toBe('superseded');
      expect(headers['retry-after']).toBe('1');
    }
  });

  it('does the same with explanations', async () => {
    const answers = await Promise.all(
      Array.from({ length: 80 }, () =>
        shop.as('stan').post('/explanations', CALL),
      ),
    );
    const codes = answers.map(({ body }) => body.error?.code ?? 'answered');
    expect(new Set(codes)).toEqual(new Set(['answered', 'superseded']));
  });

  it('answers somebody else meanwhile', async () => {
    const strangers = drafts(12).map(async draft =>
      shop.as('stan').post('/previews', { ...draft, in: ['staging'] }),
    );
    const { status } = await shop.as('priya').post('/previews', DRAFT);
    expect(status).toBe(200);
    await Promise.all(strangers);
  });

  it('lets whoever left be, and serves them when they come back', async () => {
    for (const draft of drafts(3)) {
      const gone = http.request({
        port: shop.port,
        path: '/api/callgate/previews',
        method: 'POST',
        headers: {
          Authorization: mockCredentials.user.header('user:default/stan'),
          'Content-Type': 'application/json',
        },
      });
      gone.on('error', () => undefined);
      gone.end(JSON.stringify({ ...draft, in: [] }));
      await pause(20);
      gone.destroy();
    }
    const answer = await eventually(
      () => shop.as('stan').post('/previews', DRAFT),
      ({ status }) => status !== 409,
    );
    expect(answer.status).toBe(200);
  });
});
