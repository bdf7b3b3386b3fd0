import { mockCredentials } from '@backstage/backend-test-utils';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(120_000);

/** Takes somebody out of a group in the catalog: the sign-in that they have still says otherwise. */
function leave({ entities }: ChangedShop, person: string, group: string): void {
  const user = `user:default/${person}`;
  const ref = `group:default/${group}`;
  entities.forEach((entity, index) => {
    const own = stringifyEntityRef(entity);
    const other = { [user]: ref, [ref]: user }[own];
    if (other) {
      entities[index] = {
        ...entity,
        relations: entity.relations?.filter(
          ({ targetRef }) => targetRef !== other,
        ),
      };
    }
  });
}

describe('a sign-in of before', () => {
  let shop: ChangedShop;
  let isDown: boolean;
  let calls: string[];

  beforeEach(async () => {
    isDown = false;
    calls = [];
    shop = await startChangedShop({
      onCatalogCall: (method, args) => {
        const [{ fields = [] } = {}] = args as [{ fields?: string[] }?];
        // What ownership asks; the rest of the portal goes on.
        if (method === 'getEntitiesByRefs' && fields.includes('relations')) {
          calls.push(method);
          if (isDown) throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
        }
      },
    });
  });
  afterEach(() => shop?.stop());

  const decide = async (person: string, path: string, body: object = {}) => {
    const answer = await shop.as(person).post(path, body);
    return [answer.status, answer.body.error?.code];
  };

  it('does not let somebody approve or reject who left the owning group', async () => {
    const { id, digest } = await send(shop, 'priya');
    leave(shop, 'omar', 'orders-team');
    const path = `/requests/${id}`;
    expect(await decide('omar', `${path}/approve`, { digest })).toEqual([
      403,
      'not-api-owner',
    ]);
    expect(await decide('omar', `${path}/reject`, { reason: 'No' })).toEqual([
      403,
      'not-api-owner',
    ]);
    const seen = (await shop.as('omar').get(path)).body;
    expect([seen.approve.allowed, seen.waitsForMe]).toEqual([false, false]);
    const inbox = await shop.as('omar').get('/requests?tab=waiting');
    expect(inbox.body.items).toEqual([]);
    const access = await shop.as('omar').get('/apis/default/orders');
    expect(access.body.grant.allowed).toBe(false);
    expect((await approve(shop, 'lena', { id })).state).toBe('approved');
  });

  it('does not let somebody merge or review who left the platform team', async () => {
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const { id, head } = await proposalOf(shop, asked);
    leave(shop, 'petra', 'platform');
    expect(await decide('petra', `/proposals/${id}/merge`, { head })).toEqual([
      403,
      'not-platform-team',
    ]);
    expect(
      await decide('petra', `/proposals/${id}/review`, {
        decision: 'approved',
        head,
      }),
    ).toEqual([403, 'not-platform-team']);
    const page = await shop.as('petra').get(`/proposals/${id}`);
    expect(page.body.merge.allowed).toBe(false);
  });

  it('does not let somebody ask or withdraw who left the team of the caller', async () => {
    const { id } = await send(shop, 'priya');
    leave(shop, 'cora', 'storefront-team');
    leave(shop, 'cora', 'storefront');
    expect(await decide('cora', `/requests/${id}/withdraw`)).toEqual([
      403,
      'not-requester',
    ]);
    const preview = await shop.as('cora').post('/previews', DRAFT);
    expect(preview.body.send.allowed).toBe(false);
    const { digest } = preview.body;
    expect(await decide('cora', '/requests', { ...DRAFT, digest })).toEqual([
      403,
      'not-caller-owner',
    ]);
  });

  it('lets somebody decide who joined since, also through a group below the owning one', async () => {
    const { id, digest } = await send(shop, 'priya');
    const relate = (ref: string, type: string, targetRef: string) => {
      const at = shop.entities.findIndex(
        entity => stringifyEntityRef(entity) === ref,
      );
      const entity = shop.entities[at];
      shop.entities[at] = {
        ...entity,
        relations: [...(entity.relations ?? []), { type, targetRef }],
      };
    };
    const night: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'night', namespace: 'default' },
      spec: { type: 'team', children: [] },
      relations: [
        { type: 'hasMember', targetRef: 'user:default/stan' },
        { type: 'childOf', targetRef: 'group:default/orders-team' },
      ],
    };
    shop.entities.push(night);
    relate('group:default/orders-team', 'parentOf', 'group:default/night');
    relate('user:default/stan', 'memberOf', 'group:default/night');
    const path = `/requests/${id}/approve`;
    expect(await decide('stan', path, { digest })).toEqual([200, undefined]);
  });

  it('somebody without a User in the catalog decides nothing, unless something is theirs by name', async () => {
    const { id, digest } = await send(shop, 'priya');
    const edit = (ref: string, change: (entity: Entity) => Entity) => {
      const at = shop.entities.findIndex(
        entity => stringifyEntityRef(entity) === ref,
      );
      shop.entities[at] = change(shop.entities[at]);
    };
    // The group names somebody whom the catalog does not have.
    edit('group:default/orders-team', entity => ({
      ...entity,
      relations: [
        ...(entity.relations ?? []),
        { type: 'hasMember', targetRef: 'user:default/ghost' },
      ],
    }));
    const path = `/requests/${id}/approve`;
    expect(await decide('ghost', path, { digest })).toEqual([
      403,
      'not-api-owner',
    ]);
    edit('api:default/orders', entity => ({
      ...entity,
      relations: [
        ...(entity.relations ?? []),
        { type: 'ownedBy', targetRef: 'user:default/ghost' },
      ],
    }));
    expect(await decide('ghost', path, { digest })).toEqual([200, undefined]);
  });

  it('is not fallen back to while the catalog cannot be asked: every decision is refused with 503, and comes later', async () => {
    const { id, digest } = await send(shop, 'priya');
    const second = await send(shop, 'priya', {
      ...DRAFT,
      operations: [{ id: 'getOrder' }],
    });
    await approve(shop, 'omar', second);
    const { id: proposal, head } = await proposalOf(shop, second);
    isDown = true;
    const refused = [503, 'catalog-unreachable'];
    const path = `/requests/${id}`;
    expect(await decide('omar', `${path}/approve`, { digest })).toEqual(
      refused,
    );
    expect(await decide('omar', `${path}/reject`, { reason: 'No' })).toEqual(
      refused,
    );
    expect(await decide('cora', `${path}/withdraw`)).toEqual(refused);
    expect(
      await decide('petra', `/proposals/${proposal}/merge`, { head }),
    ).toEqual(refused);
    expect(await decide('priya', '/requests', { ...DRAFT, digest })).toEqual(
      refused,
    );
    const { text } = await shop.as('omar').get(path);
    expect(text).toContain('The catalog cannot be asked');
    expect(text).not.toContain('ECONNREFUSED');
    isDown = false;
    expect((await approve(shop, 'omar', { id })).state).toBe('approved');
  });

  it('of a service decides nothing', async () => {
    const { id, digest } = await send(shop, 'priya');
    const answer = await shop
      .as('omar')
      .post(`/requests/${id}/approve`, { digest })
      .set('Authorization', mockCredentials.service.header());
    expect(answer.status).toBe(403);
  });

  it('a list asks the catalog a few times, however long it is', async () => {
    const ops = ['listOrders', 'getOrder', 'createOrder', 'cancelOrder'];
    for (const operation of ops.slice(0, 1)) {
      await send(shop, 'priya', { ...DRAFT, operations: [{ id: operation }] });
    }
    const asked = async () => {
      calls.length = 0;
      await shop.as('omar').get('/requests?tab=waiting');
      return calls.length;
    };
    const forOne = await asked();
    for (const operation of ops.slice(1)) {
      await send(shop, 'priya', { ...DRAFT, operations: [{ id: operation }] });
      await send(shop, 'cora', {
        ...DRAFT,
        caller: 'component:default/web',
        operations: [{ id: operation }],
      });
    }
    expect(await asked()).toBe(forOne);
    expect(forOne).toBeLessThan(12);
  });
});
