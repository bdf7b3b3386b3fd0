import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { BrokenGlassList } from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { mergeOf } from '../__testUtils__/grantSteps';
import { DRAFT, git, reaches, send } from '../__testUtils__/steps';
import { eventually } from '../__testUtils__/startShop';

jest.setTimeout(240_000);

const GLASS = { ...DRAFT, reason: 'Orders get lost', breakGlass: true };

describe('what went on before anybody approved it', () => {
  let shop: ChangedShop;
  let later = 0;
  const clock = Date.now;

  /** Evidence is for Chloe; what the platform team does is for everybody, as far as the policy says it. */
  beforeEach(async () => {
    later = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => clock() + later);
    shop = await startChangedShop({
      config: { breakGlass: { hours: 4 } },
      hides: (person, ref) =>
        person === 'user:default/pavel' && ref === 'component:default/checkout',
      features: [
        createServiceFactory({
          service: coreServices.permissions,
          deps: {},
          factory: () => {
            const decide = async (
              asked: { permission: { name: string } }[],
              { credentials }: { credentials: unknown },
            ) =>
              asked.map(({ permission: { name } }) => ({
                result:
                  name === 'callgate.evidence.read' &&
                  !JSON.stringify(credentials).includes('/chloe"')
                    ? AuthorizeResult.DENY
                    : AuthorizeResult.ALLOW,
              }));
            return { authorize: decide, authorizeConditional: decide } as never;
          },
        }),
      ],
    });
    await shop.as('omar').get('/apis/default/orders');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await shop?.stop();
  });

  const list = async (person = 'petra') => {
    const { status, body } = await shop.as(person).get('/break-glass');
    expect(status).toBe(200);
    return body as BrokenGlassList;
  };
  const counted = async (person: string) =>
    (await shop.as(person).get('/proposals')).body.brokenGlass;

  it('is listed for the platform team and for who takes out evidence, and counted where it is open', async () => {
    expect(await list()).toEqual({ items: [], days: 90, open: 0, leftOut: 0 });
    const sent = await send(shop, 'priya', GLASS);
    expect(await list()).toMatchObject({
      open: 0,
      items: [
        {
          ...{ id: sent.id, number: sent.number, state: 'waiting' },
          ...{ reason: 'Orders get lost', afterwards: 'undecided' },
          api: { ref: 'api:default/orders' },
          caller: { ref: 'component:default/checkout' },
          by: { ref: 'user:default/priya' },
          operations: [{ method: 'GET', path: '/orders' }],
          decidedBy: [],
          expiresAt: sent.breakGlass!.expiresAt,
        },
      ],
    });
    await mergeOf(shop, sent);
    expect(await list('chloe')).toMatchObject({
      open: 1,
      items: [{ state: 'open', grant: expect.any(String) }],
    });
    // Pavel is of the platform team, and may not see who calls.
    expect(await list('pavel')).toEqual({
      ...{ items: [], days: 90, open: 0, leftOut: 1 },
    });
    for (const person of ['petra', 'chloe'])
      expect(await counted(person)).toBe(1);
    for (const person of ['stan', 'priya', 'omar']) {
      const { status } = await shop.as(person).get('/break-glass');
      expect([person, status]).toEqual([person, 404]);
      expect(await counted(person)).toBeUndefined();
    }

    const rejected = await shop.as('omar').post(`/requests/${sent.id}/reject`, {
      reason: 'Ask us next time.',
    });
    expect(rejected.status).toBe(200);
    // It is open until somebody has merged its end.
    const { items } = await list();
    expect(items).toMatchObject([
      {
        ...{ state: 'open', afterwards: 'rejected' },
        decidedBy: [{ ref: 'user:default/omar' }],
      },
    ]);
    const all = await eventually(
      async () => (await shop.as('petra').get('/requests?tab=all')).body.items,
      found => found.some(({ kind }: { kind: string }) => kind === 'end'),
    );
    const end = all.find(({ kind }: { kind: string }) => kind === 'end');
    await mergeOf(shop, end);
    await reaches(shop, end, 'merged');
    expect(
      git(shop, 'show', 'main:policies/default/orders.yaml'),
    ).not.toContain('breakGlass: true');
    expect(await list()).toMatchObject({
      open: 0,
      items: [{ state: 'ended', afterwards: 'rejected' }],
    });
    expect(await counted('petra')).toBe(0);
    // What has ended is for evidence, when it is long ago.
    later = 91 * 86_400_000 + 4 * 3_600_000;
    expect((await list()).items).toEqual([]);
  });
});
