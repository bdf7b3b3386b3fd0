import type {
  AccessRequest,
  AccessRequestDraft,
  Preview,
} from '@callgate/plugin-callgate-common';
import type { RunningShop } from './startShop';
import { mergeShown, proposalOf, reaches } from './steps';

/** What somebody asks of a grant that is there. */
export type GrantAsk = Partial<AccessRequestDraft> & {
  kind: 'change' | 'renew' | 'end';
  api: string;
  grant: string;
};

/** As it is sent: who calls, the declaration says. */
export function grantDraft(ask: GrantAsk): AccessRequestDraft {
  return { caller: '', operations: [], reason: 'Not needed any more', ...ask };
}

/** What would become of it. */
export async function previewOf(
  shop: RunningShop,
  person: string,
  ask: GrantAsk,
): Promise<Preview> {
  const { body, status } = await shop
    .as(person)
    .post('/previews', grantDraft(ask));
  if (status !== 200) throw new Error(`No preview: ${JSON.stringify(body)}`);
  return body;
}

/** Previews and sends. */
export async function askOfGrant(
  shop: RunningShop,
  person: string,
  ask: GrantAsk,
): Promise<AccessRequest> {
  const { digest } = await previewOf(shop, person, ask);
  const sent = await shop
    .as(person)
    .post('/requests', { ...grantDraft(ask), digest });
  if (sent.status !== 201)
    throw new Error(`Not sent: ${sent.status} ${sent.text.slice(0, 2000)}`);
  return sent.body;
}

/** Waits for the pull request of a request, and has Petra merge it. */
export async function mergeOf(
  shop: RunningShop,
  request: { id: string },
): Promise<AccessRequest> {
  const { id } = await proposalOf(shop, request);
  const merged = await mergeShown(shop, 'petra', { id });
  if (merged.status !== 200)
    throw new Error(`Not merged: ${merged.status} ${merged.text}`);
  return reaches(shop, request, 'merged');
}
