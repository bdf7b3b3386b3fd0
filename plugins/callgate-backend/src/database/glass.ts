import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { GLASS_REST_DAYS, GLASS_STATES } from '../access/breakGlass';
import type { GlassInTheWay, StoredRequest } from './AccessStore';
import type { RequestRow } from './rows';
import { isMeaning, readJson } from './storedJson';

const DAY_MS = 86_400_000;

/** What is over for longer was ended by the last day of its grant, if by nothing else. */
const LOOKED_AFTER_DAYS = 90;

/**
 * The request because of which the glass is not broken for a caller of an API: one for which it was, and that nobody has confirmed,
 * or a no of somebody who may say it. Both hold for some days; otherwise it could be done again and again, or around a decision. Whoever
 * owns catalog files gives a caller any number of names, so what was for the same workloads counts as well.
 *
 * @param now - milliseconds since 1970
 */
export async function glassInTheWay(
  db: Knex,
  { apiRef, callerRef, shown }: GlassSubject,
  now: number,
): Promise<GlassInTheWay | undefined> {
  const since = now - GLASS_REST_DAYS * DAY_MS;
  const rows = await db<RequestRow>('access_requests')
    .where({ api_ref: apiRef })
    .where(either =>
      either
        .whereNotNull('afterwards')
        .orWhere('state', 'returned')
        .orWhere(no =>
          no.where('state', 'rejected').where('updated_at', '>', since),
        ),
    )
    .orderBy('number', 'desc')
    .select(
      'number',
      'state',
      'kind',
      'afterwards',
      'expires_at',
      'updated_at',
      'caller_ref',
      'shown',
    );
  const own = workloadsOf(callerRef, shown);
  for (const row of rows) {
    const { number, state, afterwards } = row;
    const isSame =
      row.caller_ref === callerRef ||
      workloadsOf(
        row.caller_ref,
        readJson<StoredRequest['shown']>(row.shown, isMeaning),
      ).some(each => own.includes(each));
    if (!isSame) continue;
    const isRefused =
      afterwards === 'rejected'
        ? Number(row.updated_at) > since
        : afterwards === null && row.kind !== 'end' && row.kind !== 'confirm';
    if (isRefused) return { number, code: 'refused' };
    const isAsked =
      (afterwards === 'undecided' && GLASS_STATES.includes(state)) ||
      // What was never merged has opened nothing.
      (afterwards === 'lapsed' &&
        state === 'merged' &&
        Number(row.expires_at) > since);
    if (isAsked) return { number, code: 'asked' };
  }
  return undefined;
}

/** What is asked for: an API, and for whom. */
export type GlassSubject = Pick<
  StoredRequest,
  'apiRef' | 'callerRef' | 'shown'
>;

/** Workloads of a caller for which a meaning opens something. */
function workloadsOf(
  callerRef: string,
  shown: StoredRequest['shown'] | undefined,
): string[] {
  return (shown?.content.edges ?? [])
    .filter(({ caller }) => caller === callerRef)
    .map(({ from }) => from);
}

/** What to say of it. */
export function glassRefused({ number, code }: GlassInTheWay): Error {
  const why =
    code === 'asked'
      ? `request ${number} for the same went on before anybody approved it, and no owner has confirmed it`
      : `request ${number} for the same was refused or given back`;
  return Object.assign(
    new ConflictError(
      `This cannot go on before anybody approves it: ${why}. Ask in the usual way; it is possible again ${GLASS_REST_DAYS} days later.`,
    ),
    { code: 'break-glass-refused' },
  );
}

/** Requests whose grants may have to end before their day is over. */
export async function brokenGlass(
  db: Knex,
  now: number,
): Promise<RequestRow[]> {
  return db<RequestRow>('access_requests')
    .whereNotNull('afterwards')
    .where('expires_at', '>', now - LOOKED_AFTER_DAYS * DAY_MS)
    .orderBy('number');
}
