import type { Knex } from 'knex';

/** What the platform team was told of. */
export interface Notice {
  id: string;
  /** For people. */
  what: string;
}

/** What the platform team was told of and has not mended yet. */
export interface NoticeStore {
  open(): Promise<readonly Notice[]>;
  /** Adding what is there already changes nothing. */
  add(notice: Notice): Promise<void>;
  remove(id: string): Promise<void>;
}

interface NoticeRow extends Notice {
  told_at: number;
}

/** Notices in the table `platform_notices`. */
export class DatabaseNoticeStore implements NoticeStore {
  constructor(private readonly options: { client: Knex; now?: () => number }) {}

  async open(): Promise<readonly Notice[]> {
    return this.options
      .client<NoticeRow>('platform_notices')
      .select('id', 'what')
      .orderBy('id');
  }

  async add({ id, what }: Notice): Promise<void> {
    const { client, now = Date.now } = this.options;
    await client<NoticeRow>('platform_notices')
      .insert({ id, what, told_at: now() })
      .onConflict('id')
      .ignore();
  }

  async remove(id: string): Promise<void> {
    await this.options
      .client<NoticeRow>('platform_notices')
      .where({ id })
      .del();
  }
}
