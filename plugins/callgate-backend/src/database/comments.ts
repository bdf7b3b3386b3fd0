import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import type { StoredComment } from './AccessStore';

/** So many a request has at most: its page shows them all. */
const MOST_COMMENTS = 500;

/** Row of `request_comments`. */
interface CommentRow {
  id: string;
  request_id: string;
  actor: string;
  text: string;
  mentions: string;
  at: number | string;
}

/** @throws ConflictError with code `too-many-comments` */
export async function addComment(
  trx: Knex,
  comment: Omit<StoredComment, 'id' | 'at'>,
  now: number,
): Promise<StoredComment> {
  const { requestId, by, text, mentions } = comment;
  const [{ count }] = await trx<CommentRow>('request_comments')
    .where({ request_id: requestId })
    .count<{ count: number | string }[]>({ count: '*' });
  if (Number(count) >= MOST_COMMENTS) {
    throw Object.assign(
      new ConflictError(
        `This request has ${MOST_COMMENTS} comments, and takes no more.`,
      ),
      { code: 'too-many-comments' },
    );
  }
  const id = ulid(now);
  await trx<CommentRow>('request_comments').insert({
    id,
    request_id: requestId,
    actor: by,
    text,
    mentions: JSON.stringify(mentions),
    at: now,
  });
  return { id, requestId, by, text, mentions, at: now };
}

/** Comments on a request, oldest first. */
export async function commentsOn(
  db: Knex,
  requestId: string,
): Promise<StoredComment[]> {
  const rows = await db<CommentRow>('request_comments')
    .where({ request_id: requestId })
    .orderBy('at')
    .orderBy('id');
  return rows.map(row => ({
    id: row.id,
    requestId: row.request_id,
    by: row.actor,
    text: row.text,
    mentions: refsIn(row.mentions),
    at: Number(row.at),
  }));
}

/** Of a column that cannot be read nobody was mentioned. */
function refsIn(json: string): string[] {
  try {
    const refs: unknown = JSON.parse(json);
    return Array.isArray(refs)
      ? refs.filter((ref): ref is string => typeof ref === 'string')
      : [];
  } catch {
    return [];
  }
}
