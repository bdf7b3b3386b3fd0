import type { ApiAccess } from '@callgate/plugin-callgate-common';
import {
  editFile,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { OTHERS } from '../__testUtils__/policiesOfOthers';
import { eventually } from '../__testUtils__/startShop';
import { approve, DRAFT, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(240_000);

const ELSEWHERE = {
  api: 'api:default/customers',
  caller: 'component:default/checkout',
  operations: [{ tcp: { port: 8080 } }],
  in: ['prod-eu'],
  reason: 'It is wanted',
};

/** What of an API does not depend on the moment. */
const lasting = ({ headline, clusters, callers, findings }: ApiAccess) => ({
  headline,
  clusters,
  callers,
  findings,
});

/** An API that no policy of others selects, and what a request for it means. */
async function elsewhere(shop: ChangedShop) {
  const access = await shop.as('priya').get('/apis/default/customers');
  const preview = await shop.as('priya').post('/previews', ELSEWHERE);
  const { digest, meaning, send: sendable } = preview.body;
  return { access: lasting(access.body), digest, meaning, sendable };
}

const started = async (text = '') =>
  startChangedShop({
    files: text ? { 'estate/prod-eu/others.yaml': () => text } : {},
  });

describe('a policy of others in the cluster', () => {
  let before: Awaited<ReturnType<typeof elsewhere>>;
  let closed: ApiAccess['headline'];
  beforeAll(async () => {
    const shop = await started();
    before = await elsewhere(shop);
    closed = (await shop.as('omar').get('/apis/default/orders')).body.headline;
    await shop.stop();
  });

  it.each(OTHERS)(
    '(%s, %s) is told once and stops no request',
    async (kind, may, text) => {
      const shop = await started(text);
      try {
        const { headline, clusters }: ApiAccess = (
          await shop.as('omar').get('/apis/default/orders')
        ).body;
        expect(headline.state).toBe('conditional');
        expect(headline.text).toContain('Closed by grants');
        expect(headline.text).toContain(`; 1 policy of others ${may}`);
        expect(headline.callers).toBe(closed.callers);
        expect(
          clusters.map(({ cluster, others = [] }) => [
            cluster,
            others.map(other => other.kind),
          ]),
        ).toEqual([
          ['prod-eu', [kind]],
          ['staging', []],
        ]);

        const preview = (await shop.as('priya').post('/previews', DRAFT)).body;
        expect(preview.send).toEqual({ allowed: true });
        expect(preview.meaning.others).toEqual([
          expect.objectContaining({ kind, name: 'guard', cluster: 'prod-eu' }),
        ]);
        expect(preview.meaning.others[0].ends).toContain(
          'ordering/Deployment/orders',
        );
        expect(JSON.stringify(preview.findings)).not.toContain('guard');

        const sent = await send(shop, 'priya');
        await approve(shop, 'omar', sent);
        const { body } = await proposalOf(shop, sent);
        expect(
          body.match(new RegExp(`${kind} (ordering/)?guard`, 'g')),
        ).toHaveLength(1);

        expect(await elsewhere(shop)).toEqual(before);
      } finally {
        await shop.stop();
      }
    },
  );

  it('that tells of what a reader may not see counts for them, without a name', async () => {
    const [, , text] = OTHERS[0];
    const shop = await startChangedShop({
      files: {
        'estate/prod-eu/others.yaml': () =>
          text.replace(
            'fromEndpoints: [{}]',
            'fromEndpoints: [{ matchLabels: { app: legacy-batch } }]',
          ),
      },
      hides: (person, ref) =>
        person === 'user:default/priya' &&
        ref === 'component:default/legacy-batch',
    });
    try {
      const seenBy = async (person: string) => {
        const access = (await shop.as(person).get('/apis/default/orders')).body;
        const preview = (await shop.as(person).post('/previews', DRAFT)).body;
        return {
          text: JSON.stringify([access.headline, access.clusters, preview]),
          state: access.headline.state,
          clusters: access.clusters[0].others,
          meaning: preview.meaning.others,
        };
      };
      const told = await seenBy('priya');
      expect(told.text).not.toContain('guard');
      expect(told.state).toBe('conditional');
      const unnamed = [
        {
          cluster: 'prod-eu',
          may: 'open-or-refuse',
          ends: ['ordering/Deployment/orders'],
          touches: ['Orders'],
        },
      ];
      expect(told.meaning).toEqual(unnamed);
      expect(told.clusters).toEqual(unnamed);
      expect((await seenBy('omar')).meaning).toEqual([
        expect.objectContaining({ name: 'guard' }),
      ]);
    } finally {
      await shop.stop();
    }
  });

  it('that comes after a request was sent has to be read before it is approved', async () => {
    const [, , text] = OTHERS[0];
    const shop = await started();
    try {
      const sent = await send(shop, 'priya');
      editFile(`${shop.folder}/estate/prod-eu/others.yaml`, () => text);
      await shop.run('refresh-estate');
      const stale = await shop
        .as('omar')
        .post(`/requests/${sent.id}/approve`, { digest: sent.digest });
      expect([stale.status, stale.body.error.code]).toEqual([
        409,
        'meaning-changed',
      ]);
      const shown = await eventually(
        async () => (await shop.as('omar').get(`/requests/${sent.id}`)).body,
        ({ currentDigest }) => currentDigest !== sent.digest,
      );
      expect(shown.meaning.others).toEqual([
        expect.objectContaining({ kind: 'CiliumNetworkPolicy', name: 'guard' }),
      ]);
      await approve(shop, 'omar', sent);
      await proposalOf(shop, sent);
    } finally {
      await shop.stop();
    }
  });
});
