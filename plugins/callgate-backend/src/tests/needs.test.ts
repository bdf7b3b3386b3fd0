import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { notificationService } from '@backstage/plugin-notifications-node';
import type { AccessRequest } from '@callgate/plugin-callgate-common';
import {
  editFile,
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const guardrail = (
  expression: string,
  unless = "edge.grant.request != ''",
) => `apiVersion: callgate.dev/v1alpha1
kind: Guardrails
spec:
  rules:
    - name: four-eyes
      subject: edge
      message: Orders need more eyes
      match: edge.api.name == 'orders' && ${unless}
      expression: ${expression}
      examples:
        pass:
          - edge: { api: { name: orders }, grant: { request: r, approvedBy: [a, b, c, d, e, f] } }
        fail:
          - edge: { api: { name: orders }, grant: { request: r } }
`;

const approvals = (
  needs: string,
  more = '',
) => `apiVersion: callgate.dev/v1alpha1
kind: Approvals
spec:
  rules:
    - name: orders-are-watched
      when: api.name == 'orders'
      needs: ${needs}
      examples:
        hold: [{ api: { name: orders } }]
        not: [{ api: { name: stock } }]
${more}`;

let shop: ChangedShop;
const notify = jest.fn();
const auditor = mockServices.auditor.mock();
const audited = { success: jest.fn(), fail: jest.fn() };

async function start(files: Record<string, string>): Promise<void> {
  jest.clearAllMocks();
  notify.mockResolvedValue(undefined);
  auditor.createEvent.mockResolvedValue(audited);
  shop = await startChangedShop({
    files: Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        `repository/${name}`,
        () => text,
      ]),
    ),
    features: [
      auditor.factory,
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
    ],
  });
}
afterEach(() => shop?.stop());

const read = async (person: string, { id }: { id: string }) =>
  (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

const tryToApprove = async (
  person: string,
  { id, digest }: { id: string; digest: string },
) => {
  const path = `/requests/${id}/approve`;
  const { status, body } = await shop.as(person).post(path, { digest });
  return [status, body.error?.code ?? body.state];
};

const inbox = async (person: string) =>
  (await shop.as(person).get('/requests?tab=waiting')).body.items.map(
    ({ id }: { id: string }) => id,
  );

const recipients = () =>
  notify.mock.calls.map(([{ recipients: to, payload }]) => [
    to.entityRef,
    payload.title,
  ]);

describe('a guardrail that wants two approvers', () => {
  const TWO = {
    'guardrails.yaml': guardrail('size(edge.grant.approvedBy) >= 2'),
  };

  it('is a need: the request stays submitted after one approval, and the second one lets it go on', async () => {
    await start(TWO);
    const asked = await send(shop, 'priya');
    expect(asked.needs).toMatchObject([
      {
        kind: 'api-owner',
        count: 2,
        open: 2,
        people: 2,
        because: ['four-eyes'],
      },
    ]);
    expect(asked.waitsFor).toBe('Waits for 2 of Orders team');
    const first = await approve(shop, 'omar', asked);
    expect(first).toMatchObject({
      state: 'submitted',
      waitsForMe: false,
      waitsFor: 'Waits for 1 more of Orders team',
      approve: { allowed: false },
      needs: [
        {
          open: 1,
          people: 1,
          approvals: [{ by: { ref: 'user:default/omar' } }],
          text: expect.stringMatching(
            /^1 of 2 approvals: Omar.*; waits for 1 more of Orders team \(1 can decide\)$/,
          ),
        },
      ],
    });
    expect(await tryToApprove('omar', asked)).toEqual([409, 'not-needed']);
    expect(await inbox('omar')).toEqual([]);
    expect(await inbox('lena')).toEqual([asked.id]);
    expect((await read('lena', asked)).approve).toEqual({ allowed: true });
    expect((await approve(shop, 'lena', asked)).state).toBe('approved');

    await mergeShown(shop, 'petra', await proposalOf(shop, asked));
    const merged = await reaches(shop, asked, 'merged');
    const declared = git(shop, 'show', 'main:policies/default/orders.yaml');
    expect(declared).toMatch(
      /approvedBy:\s+- user:default\/lena\s+- user:default\/omar/,
    );
    expect(
      merged.needs[0].approvals.map(
        ({ by }: { by: { ref: string } }) => by.ref,
      ),
    ).toEqual(['user:default/omar', 'user:default/lena']);
    expect(audited.success).toHaveBeenCalledWith({
      meta: {
        state: 'approved',
        approvedBy: ['user:default/omar', 'user:default/lena'],
      },
    });
  });

  it('two owners who approve at the same moment are both kept, and it goes on once', async () => {
    // Asked of drafts as well, which nobody has approved.
    await start({
      'guardrails.yaml': guardrail(
        'size(edge.grant.approvedBy) >= 2',
        "edge.caller.name == 'checkout'",
      ).replace('grant: { request: r }', 'caller: { name: checkout }'),
    });
    const asked = await send(shop, 'priya');
    const answers = await Promise.all([
      tryToApprove('omar', asked),
      tryToApprove('lena', asked),
    ]);
    expect(answers.map(([status]) => status)).toEqual([200, 200]);
    const { timeline, needs } = await reaches(shop, asked, 'proposed');
    expect(needs[0].approvals).toHaveLength(2);
    expect(
      timeline.filter(({ event }) => event === 'approve').map(({ to }) => to),
    ).toEqual(['submitted', 'approved']);
  });

  it('an approval of an earlier meaning is shown as such and does not count', async () => {
    await start(TWO);
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    editFile(`${shop.folder}/estate/prod-eu/storefront.yaml`, text => {
      const deployment = text
        .split('---\n')
        .find(part =>
          /kind: Deployment\nmetadata:\n {2}name: checkout\n/.test(part),
        );
      return `${text}---\n${deployment!.replace(
        'name: checkout\n',
        'name: checkout-canary\n',
      )}`;
    });
    await shop.run('refresh-estate');
    expect(await tryToApprove('lena', asked)).toEqual([409, 'meaning-changed']);
    const second = await approve(shop, 'lena', asked);
    expect(second).toMatchObject({
      state: 'submitted',
      needs: [{ open: 1, approvals: [{ by: { ref: 'user:default/lena' } }] }],
      idleApprovals: [
        { by: { ref: 'user:default/omar' }, because: 'earlier-meaning' },
      ],
    });
    expect(await inbox('omar')).toEqual([asked.id]);
    expect((await approve(shop, 'omar', asked)).state).toBe('approved');
  });

  it('an approval of somebody who left the team since does not count', async () => {
    await start(TWO);
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    for (const ref of ['user:default/omar', 'group:default/orders-team']) {
      const at = shop.entities.findIndex(
        entity => stringifyEntityRef(entity) === ref,
      );
      shop.entities[at] = {
        ...shop.entities[at],
        relations: shop.entities[at].relations?.filter(
          ({ targetRef }) =>
            !['user:default/omar', 'group:default/orders-team'].includes(
              targetRef,
            ),
        ),
      };
    }
    expect(await approve(shop, 'lena', asked)).toMatchObject({
      state: 'submitted',
      idleApprovals: [
        { by: { ref: 'user:default/omar' }, because: 'no-decider' },
      ],
    });
  });

  it('an owner who asks for themselves is told at once that there are too few others', async () => {
    await start(TWO);
    const preview = await shop.as('omar').post('/previews', DRAFT);
    const reason = expect.stringMatching(
      /four-eyes asks for 2 of Orders team, and besides you only 1 can/,
    );
    expect(preview.body.send).toEqual({ allowed: false, reason });
    const sent = await shop
      .as('omar')
      .post('/requests', { ...DRAFT, digest: preview.body.digest });
    expect([
      sent.status,
      sent.body.error.code,
      sent.body.error.message,
    ]).toEqual([409, 'nobody-can-decide', reason]);
  });

  it('that comes after the approval makes the request ask again, and is no dead end', async () => {
    await start({});
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    commitElsewhere(shop, { 'guardrails.yaml': () => TWO['guardrails.yaml'] });
    const again = await reaches(shop, asked, 'submitted');
    expect(again.timeline[again.timeline.length - 1]).toMatchObject({
      event: 'ask-again',
      reason:
        'More people have to approve it than when it was approved, by the rule four-eyes.',
    });
    expect(again.waitsFor).toBe('Waits for 2 of Orders team');
    await approve(shop, 'omar', asked);
    expect((await approve(shop, 'lena', asked)).state).toBe('approved');
    await proposalOf(shop, asked);
  });

  it('is refused when asked where no number of approvers is enough', async () => {
    await start({
      'guardrails.yaml': guardrail('size(edge.grant.approvedBy) >= 6'),
    });
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body.send).toEqual({
      allowed: false,
      reason: expect.stringContaining('four-eyes: Orders need more eyes'),
    });
  });
});

describe('rules of who approves, in the policy repository', () => {
  it('an owner and somebody of security have to approve, in whatever order', async () => {
    await start({
      'approvals.yaml': approvals('[{ role: api-owner }, { group: security }]'),
    });
    const asked = await send(shop, 'priya');
    expect(recipients()).toEqual([
      [
        ['group:default/orders-team', 'group:default/security'],
        'Somebody asks for GET /orders of Orders API',
      ],
    ]);
    expect(await inbox('sam')).toEqual([asked.id]);
    expect(await tryToApprove('sam', asked)).toEqual([200, 'submitted']);
    expect(recipients().slice(1)).toEqual([
      [
        ['user:default/priya', 'group:default/storefront-team'],
        'Sam Okafor approved GET /orders of Orders API; it needs more approvals',
      ],
    ]);
    // What security could say is said.
    expect(await tryToApprove('sofia', asked)).toEqual([409, 'not-needed']);
    expect(await inbox('sofia')).toEqual([]);
    expect(await tryToApprove('petra', asked)).toEqual([403, 'not-api-owner']);
    expect(await read('omar', asked)).toMatchObject({
      waitsFor: 'Waits for Orders team',
      needs: [
        { kind: 'api-owner', open: 1, approvals: [] },
        { kind: 'group', open: 0, because: ['orders-are-watched'] },
      ],
    });
    expect((await approve(shop, 'omar', asked)).state).toBe('approved');
  });

  it('are not asked for what the caller may do with other APIs already', async () => {
    await start({
      'approvals.yaml': approvals('[{ group: group:default/security }]')
        .replace("api.name == 'orders'", 'request.writes')
        .replace('{ api: { name: orders } }', '{ request: { writes: true } }'),
    });
    // The cart may POST on other APIs, by the same port as this one's.
    const preview = await shop.as('cora').post('/previews', {
      api: 'api:default/catalogue',
      caller: 'component:default/cart',
      operations: [{ id: 'listProducts' }],
      in: ['prod-eu'],
      reason: 'The cart shows what is in it',
    });
    expect(preview.body.send).toEqual({ allowed: true });
    expect(preview.body.deciders.text).toBe('Catalogue team, any of 2 people');
  });

  it('anybody who decides may reject, also after others approved', async () => {
    await start({
      'approvals.yaml': approvals('[{ group: security }]'),
    });
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    const rejected = await shop
      .as('sam')
      .post(`/requests/${asked.id}/reject`, { reason: 'Not from there' });
    expect(rejected.body.state).toBe('rejected');
  });

  it('whoever approved any part does not merge', async () => {
    await start({
      'approvals.yaml': approvals('[{ role: platform }]'),
    });
    const asked = await send(shop, 'priya');
    await approve(shop, 'petra', asked);
    await approve(shop, 'omar', asked);
    const proposal = await proposalOf(shop, asked);
    const merge = await mergeShown(shop, 'petra', proposal);
    expect([merge.status, merge.body.error.code]).toEqual([
      403,
      'involved-in-request',
    ]);
    expect((await mergeShown(shop, 'pavel', proposal)).status).toBe(200);
  });

  it.each([
    [
      'asks for a group of nobody',
      '[{ group: strangers }]',
      /orders-are-watched asks for 1 of strangers, and besides you nobody/,
    ],
    [
      'asks for more than there are',
      '[{ group: security, count: 3 }]',
      /asks for 3 of Security.*, and besides you only 2/,
    ],
  ])('a rule that %s is an error when asked', async (_, needs, reason) => {
    await start({ 'approvals.yaml': approvals(needs) });
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body.send.reason).toMatch(reason);
    const sent = await shop
      .as('priya')
      .post('/requests', { ...DRAFT, digest: preview.body.digest });
    expect([sent.status, sent.body.error.code]).toEqual([
      409,
      'nobody-can-decide',
    ]);
  });

  it('nothing is sent while the file cannot be used, such as for a group that is nowhere named', async () => {
    await start({
      'approvals.yaml': approvals(
        '[{ group: security }]',
        '  escalate: { after: 5d }\n',
      ),
    });
    const { send: sendable } = (await shop.as('priya').post('/previews', DRAFT))
      .body;
    expect(sendable).toEqual({
      allowed: false,
      reason: expect.stringMatching(/to is missing/),
    });
  });
});
