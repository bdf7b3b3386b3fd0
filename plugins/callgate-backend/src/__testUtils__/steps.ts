import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {
  AccessRequest,
  AccessRequestDraft,
  Proposal,
} from '@callgate/plugin-callgate-common';
import { editFile } from './changedShop';
import { eventually, type RunningShop } from './startShop';

/** Priya's wish of the main job. */
export const DRAFT: AccessRequestDraft = {
  api: 'api:default/orders',
  caller: 'component:default/checkout',
  operations: [{ id: 'listOrders' }],
  in: ['prod-eu'],
  reason: 'Order status on the confirmation page',
};

/** Previews and sends. */
export async function send(
  shop: RunningShop,
  person: string,
  draft: AccessRequestDraft = DRAFT,
): Promise<AccessRequest> {
  const preview = await shop.as(person).post('/previews', draft);
  const sent = await shop
    .as(person)
    .post('/requests', { ...draft, digest: preview.body.digest });
  if (sent.status !== 201) {
    throw new Error(`Not sent: ${sent.status} ${sent.text.slice(0, 2000)}`);
  }
  return sent.body;
}

/** Approves what is shown. */
export async function approve(
  shop: RunningShop,
  person: string,
  { id }: { id: string },
): Promise<AccessRequest> {
  const { body } = await shop.as(person).get(`/requests/${id}`);
  const answer = await shop.as(person).post(`/requests/${id}/approve`, {
    digest: body.currentDigest ?? body.digest,
  });
  if (answer.status !== 200) {
    throw new Error(`Not approved: ${answer.status} ${answer.text}`);
  }
  return answer.body;
}

/** Waits until a request is in a state. */
export async function reaches(
  shop: RunningShop,
  { id }: { id: string },
  state: AccessRequest['state'],
): Promise<AccessRequest> {
  return eventually(
    async () => (await shop.as('priya').get(`/requests/${id}`)).body,
    body => body.state === state,
  );
}

/** Waits until a request is in a pull request, and reads that. */
export async function proposalOf(
  shop: RunningShop,
  request: { id: string },
  fits: (proposal: Proposal) => boolean = () => true,
): Promise<Proposal> {
  const { proposal } = await reaches(shop, request, 'proposed');
  return eventually(
    async () => (await shop.as('petra').get(`/proposals/${proposal!.id}`)).body,
    body => body.state === 'open' && fits(body),
  );
}

/** Merges what the page of a pull request shows now. */
export async function mergeShown(
  shop: RunningShop,
  person: string,
  { id }: { id: string },
) {
  const { head } = (await shop.as(person).get(`/proposals/${id}`)).body;
  return shop.as(person).post(`/proposals/${id}/merge`, { head });
}

/** Runs Git on the policy repository. */
export function git(shop: RunningShop, ...args: string[]): string {
  return execFileSync(
    'git',
    ['--git-dir', path.join(shop.directory, 'policies.git'), ...args],
    { encoding: 'utf8' },
  );
}

/** Somebody else's commit on the target branch. */
export function commitElsewhere(
  shop: RunningShop,
  changes: Record<string, (text: string) => string>,
): void {
  pushToBranch(shop, 'main', changes);
}

/** Somebody else's commit on a branch; returns its id. */
export function pushToBranch(
  shop: RunningShop,
  branch: string,
  changes: Record<string, (text: string) => string>,
): string {
  const clone = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-clone-'));
  const run = (...args: string[]) =>
    execFileSync('git', ['-C', clone, ...args], {
      stdio: 'pipe',
      encoding: 'utf8',
    });
  const from = path.join(shop.directory, 'policies.git');
  run('clone', '-q', '--branch', branch, from, '.');
  for (const [file, change] of Object.entries(changes)) {
    editFile(path.join(clone, file), change);
  }
  run('add', '-A');
  run(
    ...['-c', 'user.name=Other', '-c', 'user.email=other@shop.example'],
    ...['commit', '-qm', 'A change by hand'],
  );
  run('push', '-q', 'origin', `HEAD:${branch}`);
  const commit = run('rev-parse', 'HEAD').trim();
  fs.rmSync(clone, { recursive: true, force: true });
  return commit;
}
