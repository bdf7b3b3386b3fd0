import type { Proposal } from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
} from '../__testUtils__/changedShop';
import { askOfGrant, grantDraft, mergeOf } from '../__testUtils__/grantSteps';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

let shop: ChangedShop;
afterEach(() => shop?.stop());

const DECLARATION = 'policies/default/orders.yaml';
const file = (name = DECLARATION) => git(shop, 'show', `main:${name}`);
const idIn = (text: string, caller = 'checkout') =>
  new RegExp(`id: (${caller}-\\w{8})`).exec(text)?.[1] ?? '';

async function start(options: Parameters<typeof startChangedShop>[0] = {}) {
  shop = await startChangedShop(options);
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}

/** The merged pull request of a request, as a person reads it. */
async function mergedOf(
  person: string,
  { id }: { id: string },
): Promise<Proposal> {
  const { body } = await shop.as(person).get(`/requests/${id}`);
  return (await shop.as(person).get(`/proposals/${body.proposal.id}`)).body;
}

/** Sends what a step offers, as the dialog does. */
async function takeBack(person: string, { revert = [] }: Proposal) {
  const [{ draft }] = revert;
  const preview = await shop.as(person).post('/previews', draft);
  return shop
    .as(person)
    .post('/requests', { ...draft, digest: preview.body.digest });
}

describe('undoing a merged pull request', () => {
  it('ends what it granted: the repository means the same as before', async () => {
    await start();
    const before = file();
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    const proposal = await mergedOf('priya', asked);
    expect(proposal.revert).toEqual([
      {
        request: expect.objectContaining({ id: asked.id }),
        draft: expect.objectContaining({
          kind: 'end',
          api: DRAFT.api,
          grant: idIn(file()),
          reason: `Undoes pull request ${proposal.number}`,
        }),
      },
    ]);
    const sent = await takeBack('priya', proposal);
    expect(sent.status).toBe(201);
    await mergeOf(shop, sent.body);
    expect(file()).toBe(before);
    // Once more there is nothing to undo, and the end can be undone in turn.
    expect((await mergedOf('priya', asked)).revert).toMatchObject([
      { reason: expect.stringContaining('has changed the grant since') },
    ]);
    const ended = await mergedOf('priya', sent.body);
    expect(ended.revert).toMatchObject([
      {
        draft: {
          api: DRAFT.api,
          caller: DRAFT.caller,
          operations: DRAFT.operations,
          in: DRAFT.in,
        },
      },
    ]);
    const again = await takeBack('priya', ended);
    // What opens something is for the owners to approve, whatever it undoes.
    expect([again.status, again.body.state]).toEqual([201, 'submitted']);
  });

  it('gives a changed grant the terms of before', async () => {
    await start();
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    const grant = idIn(file());
    const more = await askOfGrant(
      shop,
      'priya',
      grantDraft({
        kind: 'change',
        api: DRAFT.api,
        grant,
        operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
        reason: 'More',
      }) as Parameters<typeof askOfGrant>[2],
    );
    await approve(shop, 'omar', more);
    await mergeOf(shop, more);
    const [, own] = file().split(`id: ${grant}`);
    expect(own).toContain('getOrder');
    // The first one has been built upon.
    expect((await mergedOf('priya', asked)).revert).toMatchObject([
      {
        reason: `Request ${more.number} has changed the grant since. Undo that first.`,
      },
    ]);
    const sent = await takeBack('priya', await mergedOf('priya', more));
    // It only takes away.
    expect([sent.status, sent.body.state]).toEqual([201, 'approved']);
    await mergeOf(shop, sent.body);
    const [, back] = file().split(`id: ${grant}`);
    expect(back).toContain('listOrders');
    expect(back).not.toContain('getOrder');
  });

  it('leaves alone what somebody has changed by hand, or ended', async () => {
    await start();
    const asked = await send(shop, 'priya');
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    const grant = idIn(file());
    commitElsewhere(shop, {
      [DECLARATION]: text =>
        text.replace('Order status on the confirmation page', 'By hand'),
    });
    await shop.run('follow-grants');
    expect((await mergedOf('priya', asked)).revert).toMatchObject([
      { reason: expect.stringContaining('in the policy repository since') },
    ]);
    commitElsewhere(shop, {
      // It is the last one in the file.
      [DECLARATION]: text =>
        `${text.split(new RegExp(`\\n *- id: ${grant}\\n`))[0]}\n`,
    });
    await shop.run('follow-grants');
    expect((await mergedOf('priya', asked)).revert).toMatchObject([
      { reason: 'The grant has ended already.' },
    ]);
  });

  it('is not offered for a pull request that is open, or for a caller that is hidden', async () => {
    await start({
      hides: (person, ref) =>
        person === 'user:default/omar' && ref === 'component:default/checkout',
    });
    const asked = await send(shop, 'priya');
    expect(asked.state).toBe('submitted');
    await shop.as('priya').get('/proposals');
    const lena = await approve(shop, 'lena', asked);
    const open = await mergeOf(shop, lena);
    expect((await mergedOf('omar', open)).revert).toEqual([]);
    expect((await mergedOf('priya', open)).revert).toHaveLength(1);
  });
});
