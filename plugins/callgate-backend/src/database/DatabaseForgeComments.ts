import type { Knex } from 'knex';
import { createHash } from 'node:crypto';

/** What somebody said on a pull request, as it is kept for one of the requests that it carried. */
export interface ForgeComment {
  /** The same for every request, and for every pull request that it was taken over to. */
  key: string;
  forge: string;
  /** Of the pull request. */
  number: number;
  /** Entity ref where the forge leaves reviews to the portal, otherwise the forge's own name. */
  by: string;
  /** Without controls; empty where it was taken out, and for a review without words. */
  text: string;
  /** There is more of it on the forge. */
  cut: boolean;
  decision?: 'approved' | 'changes-requested';
  /** That it is about. */
  file?: string;
  link?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What was said about a request, and whom it may name: callers of all requests that those pull requests carried. */
export interface SaidOnForge {
  comments: ForgeComment[];
  callers: string[];
}

interface ForgeCommentRow {
  request_id: string;
  key: string;
  proposal_id: string;
  forge: string;
  number: number;
  author: string;
  text: string;
  decision: ForgeComment['decision'] | null;
  file: string | null;
  link: string | null;
  cut: boolean | number;
  blanked: boolean | number;
  at: number | string;
}

/** What tells a comment from every other one. */
export function commentKey(repository: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([repository, id]))
    .digest('hex');
}

/** Table `forge_comments`. */
export class DatabaseForgeComments {
  static create(options: { client: Knex }): DatabaseForgeComments {
    return new DatabaseForgeComments(options.client);
  }

  private constructor(private readonly db: Knex) {}

  /**
   * Takes over what a forge says of one pull request. What is there already is made to say the same, also of requests that the pull
   * request carries no more; what was taken out stays out.
   *
   * @param requestIds - the requests that it carries now, which get what is new
   * @param complete - what is not among the comments is deleted
   * @returns keys of those that were not there: of several processes one hears of each
   */
  async follow(
    pull: { proposalId: string; number: number },
    requestIds: readonly string[],
    comments: readonly ForgeComment[],
    complete: boolean,
  ): Promise<string[]> {
    const of = { proposal_id: pull.proposalId, number: pull.number };
    return this.db.transaction(async trx => {
      // In one order: two processes that follow the same pull request wait for each other, and not in a circle.
      const known = await trx<ForgeCommentRow>('forge_comments')
        .where(of)
        .orderBy('request_id')
        .orderBy('key');
      const now = new Map(comments.map(each => [each.key, each]));
      const gone = new Set(
        known.filter(({ key }) => !now.has(key)).map(({ key }) => key),
      );
      for (const key of complete ? gone : [])
        await trx<ForgeCommentRow>('forge_comments')
          .where({ ...of, key })
          .delete();
      for (const row of known) {
        const next = now.get(row.key);
        if (next && !row.blanked && !isSame(row, next))
          await trx<ForgeCommentRow>('forge_comments')
            .where({ key: row.key, request_id: row.request_id, blanked: false })
            .update(toRow(next));
      }
      const there = new Set(known.map(rowKey));
      const added = new Set<string>();
      // One that has left and is over may be in the record of its pull request still.
      const open = await trx('access_requests')
        .whereIn('id', [...requestIds])
        .whereNull('texts_blanked_at')
        .orderBy('id')
        .pluck('id');
      for (const request_id of open)
        for (const comment of comments) {
          const { key } = comment;
          if (there.has(rowKey({ request_id, key }))) continue;
          const inserted = await trx<ForgeCommentRow>('forge_comments')
            .insert({
              ...{ request_id, key, blanked: false },
              ...{ proposal_id: pull.proposalId, number: pull.number },
              ...toRow(comment),
            })
            .onConflict(['request_id', 'key'])
            .ignore()
            .returning('key');
          if (inserted.length > 0) added.add(key);
        }
      // Of a request that joined, what was said before is no news.
      for (const { key } of known) added.delete(key);
      return [...added];
    });
  }

  /** What was said about a request, oldest first. */
  async of(requestId: string): Promise<SaidOnForge> {
    const rows = await this.db<ForgeCommentRow>('forge_comments')
      .where({ request_id: requestId })
      .orderBy('at')
      .orderBy('key');
    if (rows.length === 0) return { comments: [], callers: [] };
    const proposals = [...new Set(rows.map(row => row.proposal_id))];
    const callers = await this.db('access_requests')
      .whereIn('proposal_id', proposals)
      .orWhereIn(
        'id',
        this.db('forge_comments')
          .whereIn('proposal_id', proposals)
          .select('request_id'),
      )
      .distinct<{ caller_ref: string }[]>('caller_ref');
    return {
      comments: rows.map(toComment),
      callers: callers.map(row => row.caller_ref),
    };
  }
}

/** Takes out what people said on pull requests about a request; who said something when stays. */
export async function blankForgeComments(
  trx: Knex,
  requestId: string,
): Promise<void> {
  await trx<ForgeCommentRow>('forge_comments')
    .where({ request_id: requestId })
    .update({ text: '', cut: false, blanked: true });
}

function rowKey({
  request_id,
  key,
}: Pick<ForgeCommentRow, 'request_id' | 'key'>): string {
  return `${request_id} ${key}`;
}

function toRow(comment: ForgeComment) {
  const { forge, by, text, cut, decision, file, link, at } = comment;
  return {
    ...{ forge, author: by, text, cut, at },
    decision: decision ?? null,
    file: file ?? null,
    link: link ?? null,
  };
}

function isSame(row: ForgeCommentRow, comment: ForgeComment): boolean {
  const next = toRow(comment);
  return (
    row.author === next.author &&
    row.text === next.text &&
    Boolean(row.cut) === next.cut &&
    row.decision === next.decision &&
    row.file === next.file &&
    row.link === next.link &&
    Number(row.at) === next.at
  );
}

function toComment(row: ForgeCommentRow): ForgeComment {
  return {
    ...{ key: row.key, forge: row.forge, number: row.number },
    ...{ by: row.author, text: row.text, cut: Boolean(row.cut) },
    ...(row.decision && { decision: row.decision }),
    ...(row.file !== null && { file: row.file }),
    ...(row.link !== null && { link: row.link }),
    at: Number(row.at),
  };
}
