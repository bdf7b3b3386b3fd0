import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import type { ProposalPage } from '@callgate/plugin-callgate-common';
import path from 'node:path';
import {
  editFile,
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const APPROVALS = `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: orders-are-watched
      when: api.name == 'orders'
      needs: [{ group: security }]
      examples:
        hold: [{ api: { name: orders } }]
        not: [{ api: { name: stock } }]
`;
const PLATFORM = 'group:default/platform';
const BROKEN_MANIFEST = {
  files: {
    'estate/staging/storefront.yaml': replaced(
      'kind: Namespace',
      'kind: [Namespace',
    ),
  },
};

describe('what the platform team wrote and nobody can read', () => {
  let shop: ChangedShop;
  const notify = jest.fn();

  const start = async (changes: ShopChanges) => {
    notify.mockReset().mockResolvedValue(undefined);
    shop = await startChangedShop({
      ...changes,
      features: [
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({ send: notify }),
        }),
      ],
    });
    // Makes the repository.
    await shop.as('omar').get('/apis/default/orders');
  };
  const startWithBrokenRules = async () => {
    await start({ files: { 'repository/approvals.yaml': () => APPROVALS } });
    commitElsewhere(shop, {
      'approvals.yaml': replaced("== 'orders'", "=== 'orders'"),
    });
  };
  afterEach(() => shop?.stop());

  const told = () =>
    notify.mock.calls
      .map(([sent]) => sent)
      .filter(({ payload }) => payload.topic === 'access-platform');
  const proposals = async (person: string) =>
    (await shop.as(person).get('/proposals')).body as ProposalPage;

  it('asks what its last readable version asked, and the request says so', async () => {
    await startWithBrokenRules();
    const good = git(shop, 'rev-parse', '--short=7', 'main~1').trim();
    const asked = await send(shop, 'priya');
    expect(asked.needs.map(({ text }) => text)).toEqual([
      expect.not.stringContaining('version'),
      expect.stringMatching(
        new RegExp(
          `, asked by the last version of the rules that could be read \\(commit ${good}, (just now|\\d+ \\w+ ago)\\)`,
        ),
      ),
    ]);
    const { state } = await approve(shop, 'omar', asked);
    expect(state).toBe('submitted');
    await approve(shop, 'sam', asked);
    await reaches(shop, asked, 'proposed');
  });

  it('stands with file, line and reason on the page of the platform team, and on theirs alone', async () => {
    await startWithBrokenRules();
    // Reads anew, as whoever writes does.
    await shop.run('tell-platform-team');
    expect((await proposals('petra')).findings).toEqual([
      expect.objectContaining({
        code: 'approvals-invalid',
        message: expect.stringContaining('does not compile'),
        at: expect.objectContaining({ file: 'approvals.yaml', line: 6 }),
        fix: expect.stringContaining('Until then the last version'),
      }),
    ]);
    expect(await proposals('priya')).not.toHaveProperty('findings');
  });

  it('is told to the platform team once, and replaced when it is mended', async () => {
    await startWithBrokenRules();
    await shop.run('tell-platform-team');
    await shop.run('tell-platform-team');
    commitElsewhere(shop, { 'approvals.yaml': text => `${text}# Again\n` });
    await shop.run('tell-platform-team');
    expect(told()).toEqual([
      {
        recipients: { type: 'entity', entityRef: PLATFORM },
        payload: expect.objectContaining({
          title: 'To be corrected: approvals.yaml cannot be read',
          description: expect.stringMatching(
            /^Line 6: .*does not compile.*commit [0-9a-f]{7} holds/,
          ),
          link: '/access/proposals',
        }),
      },
    ]);
    commitElsewhere(shop, { 'approvals.yaml': () => APPROVALS });
    await shop.run('tell-platform-team');
    await shop.run('tell-platform-team');
    const [first, second, ...more] = told();
    expect(more).toEqual([]);
    expect(second.payload).toMatchObject({
      title: 'Mended: approvals.yaml can be read again',
      description: 'What waited for it goes on.',
      scope: first.payload.scope,
    });
    expect(await proposals('petra')).not.toHaveProperty('findings');
    // The same fault later is another one.
    commitElsewhere(shop, { 'approvals.yaml': () => '{{{' });
    await shop.run('tell-platform-team');
    expect(told()).toHaveLength(3);
  });

  it('is told later where it could not be told', async () => {
    await startWithBrokenRules();
    notify.mockRejectedValueOnce(new Error('away'));
    await shop.run('tell-platform-team');
    await shop.run('tell-platform-team');
    await shop.run('tell-platform-team');
    expect(told()).toHaveLength(2);
  });

  it('of one cluster, an estate file, stops that cluster alone, and names it to the platform team', async () => {
    await start(BROKEN_MANIFEST);
    const priya = shop.as('priya');
    const preview = await priya.post('/previews', {
      ...DRAFT,
      in: ['staging'],
    });
    expect(preview.body.send).toEqual({
      allowed: false,
      reason: expect.stringContaining('staging/storefront.yaml'),
    });
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const page = await reaches(shop, asked, 'proposed');
    expect(
      page.files.filter(({ path: file }) => file.includes('/staging/')),
    ).toEqual([]);
    await shop.run('tell-platform-team');
    expect(told()[0].payload).toMatchObject({
      title: 'To be corrected: the cluster staging cannot be read',
      description: expect.stringContaining('the other clusters go on'),
    });
    expect((await proposals('petra')).findings).toEqual([
      expect.objectContaining({
        at: expect.objectContaining({ file: 'staging/storefront.yaml' }),
      }),
    ]);
    const { body } = await priya.get('/apis/default/orders');
    expect(body.source).toMatchObject({ stale: true });
  });

  it('of one cluster lets nobody approve for it, and says why', async () => {
    await start({});
    const asked = await send(shop, 'priya');
    const file = path.join(shop.folder, 'estate/prod-eu/storefront.yaml');
    editFile(file, replaced('kind: Namespace', 'kind: [Namespace'));
    await shop.run('refresh-estate');
    const omar = shop.as('omar');
    const refused = await omar.post(`/requests/${asked.id}/approve`, {
      digest: asked.digest,
    });
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      expect.stringContaining('prod-eu/storefront.yaml'),
    ]);
    editFile(file, replaced('kind: [Namespace', 'kind: Namespace'));
    await shop.run('refresh-estate');
    await approve(shop, 'omar', asked);
    await reaches(shop, asked, 'proposed');
  });
});
