import { parsePlatformProfile } from '../../profile';
import { planYaml } from '../__testUtils__/planYaml';
import {
  CATALOG,
  component,
  ESTATE,
  grant,
  group,
  policy,
  workload,
} from '../__testUtils__/yaml';
import { claimsOf, settleClaim } from './index';

const ID = 'backstage.io/kubernetes-id';
const profileWith = (owners: string) =>
  `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod }\nspec: { owners: ${owners} }\n`;
const WORKLOAD = 'shop/Deployment/orders';

interface World {
  owners?: string;
  estate?: string[];
  policies?: string[];
  catalog?: string[];
}

/** Somebody of another team binds a component to the pods of orders. */
function settle(
  { owners = '[]', estate = ESTATE, policies = [], catalog = [] }: World = {},
  how: { owner?: string; workload?: string; file?: string } = {},
) {
  const { input } = planYaml({
    catalog: [
      ...CATALOG,
      group('orders-team'),
      group('views-team'),
      component('order-views', { owner: 'views-team' }, { [ID]: 'orders' }),
      ...catalog,
    ],
    policies,
    estate: { prod: estate },
    profiles: { prod: `{ owners: ${owners} }` },
  });
  const file = {
    path: 'profiles/prod.yaml',
    text: how.file ?? profileWith(owners),
  };
  const settlement = settleClaim({
    ...input,
    cluster: 'prod',
    workload: how.workload ?? WORKLOAD,
    owner: how.owner ?? 'group:default/orders-team',
    file,
  });
  return { input, settlement };
}

const states = ({ settlement }: ReturnType<typeof settle>) =>
  'claims' in settlement
    ? settlement.claims.map(({ entity, state }) => [entity, state])
    : settlement;

describe('settleClaim', () => {
  it('says whose a contested workload is by one line, and changes nothing else', () => {
    const { input, settlement } = settle();
    expect(
      claimsOf(input)
        .filter(({ workload: id }) => id === WORKLOAD)
        .map(({ state }) => state),
    ).toEqual(['contested', 'contested']);
    expect(states({ input, settlement })).toEqual([
      ['component:default/order-views', 'refused'],
      ['component:default/orders', 'holds'],
    ]);
    const { text } = settlement as { text: string };
    expect(parsePlatformProfile({ path: 'p', text }).profile?.owners).toEqual([
      {
        namespaces: ['shop'],
        selector: { app: 'orders' },
        owner: 'group:default/orders-team',
      },
    ]);
  });

  it('may give it to somebody who claims nothing: then nobody stands for it', () => {
    const world = { catalog: [group('platform-team')] };
    expect(states(settle(world, { owner: 'platform-team' }))).toEqual([
      ['component:default/order-views', 'refused'],
      ['component:default/orders', 'refused'],
    ]);
  });

  it('may give what was approved for others to a newcomer, who cannot get it in another way', () => {
    const approved = policy([
      {
        ...grant('component:default/checkout', { id: 'reads' }),
        ends: {
          caller: ['prod:shop/sa/checkout'],
          provider: ['prod:shop/sa/orders'],
        },
      },
    ]);
    const world = { policies: [approved] };
    const before = settle(world);
    expect(
      claimsOf(before.input).filter(({ workload: id }) => id === WORKLOAD),
    ).toMatchObject([
      { state: 'refused', owner: { statedBy: 'established' } },
      { state: 'holds' },
    ]);
    expect(
      states(settle(world, { owner: 'group:default/views-team' })),
    ).toEqual([
      ['component:default/order-views', 'holds'],
      ['component:default/orders', 'refused'],
    ]);
  });

  it('is not for what somebody states, however many claim it', () => {
    expect(
      states(
        settle({
          owners:
            '[{ namespaces: [shop], owner: "group:default/orders-team" }]',
        }),
      ),
    ).toEqual({ problem: expect.stringMatching(/not contested any more/) });
  });

  it('is for nobody who is not in the catalog', () => {
    for (const owner of [
      'group:default/ghosts',
      'the team',
      'component:default/orders',
    ])
      expect(states(settle({}, { owner }))).toEqual({
        problem: expect.stringMatching(/no group or user of the catalog/),
      });
  });

  it.each([false, true])(
    'gives nothing away where no labels tell the pods from those of others (on the host network: %s)',
    hostNetwork => {
      const labels = { app: 'orders', [ID]: 'orders' };
      const twin = workload('orders-twin', { labels, hostNetwork });
      expect(states(settle({ estate: [...ESTATE, twin] }))).toEqual({
        problem: expect.stringMatching(/No labels tell/),
      });
    },
  );

  it('is not made from a file that is not the profile that was read', () => {
    const other = profileWith('[{ namespaces: [a], owner: group:default/a }]');
    expect(states(settle({}, { file: other }))).toEqual({
      problem: expect.stringMatching(/not the one that the portal has read/),
    });
  });
});
