import type { RememberedEntity } from '@callgate/policy';
import type { Knex } from 'knex';

/** Between two readings no more than this counts: what was not looked at was not seen. */
const LONGEST_GAP_MS = 3_600_000;
/** What lasts for hours need not be written every minute. */
const SHORTEST_GAP_MS = 300_000;

/** Something that is so, by a key that stays the same for as long as it is. */
export interface SeenFlag {
  /** At most 64 characters. */
  key: string;
  api: string;
}

/** Since when something is so, and for how long it has been seen to be. */
export interface Lasting {
  /** Milliseconds since 1970. */
  since: number;
  lastedMs: number;
}

/** What is to be kept of catalog and definitions, because they themselves say only what is. */
export interface CascadeStore {
  remembered(): Promise<RememberedEntity[]>;
  /**
   * Takes note of entities. One that is known stays known as its owners', until {@link CascadeStore.hasMoved} says otherwise.
   *
   * @param named - refs that grants name; all others are forgotten
   */
  remember(
    entities: readonly RememberedEntity[],
    named: ReadonlySet<string>,
  ): Promise<void>;
  /** From now on it is known as its new owners'. */
  hasMoved(ref: string, owners: readonly string[]): Promise<void>;
  /**
   * Takes note of what is so at a moment, and lets go of what is not so any more.
   *
   * @param now - milliseconds since 1970
   * @param isKnown - whether it could be read what is so of an API; of others everything stays, and nothing is counted
   */
  observe(
    flags: readonly SeenFlag[],
    now: number,
    isKnown: (api: string) => boolean,
  ): Promise<Map<string, Lasting>>;
  /**
   * Takes note that a person is told of those of some flags that they have not heard of.
   *
   * @param day - today; who has heard something today is told nothing more
   * @returns those that they are to be told of now, once in however many processes
   */
  claim(
    person: string,
    day: string,
    keys: readonly string[],
  ): Promise<string[]>;
  /** Who has been told of a flag. */
  toldOf(key: string): Promise<Set<string>>;
}

interface EntityRow {
  ref: string;
  owners: string;
  last_owners: string;
  origin: string | null;
  location: string | null;
}

interface FlagRow {
  key: string;
  api_ref: string;
  since: number | string;
  seen_at: number | string;
  lasted_ms: number | string;
}

/** {@link CascadeStore} in the plugin's database. */
export class DatabaseCascadeStore implements CascadeStore {
  static create(options: { client: Knex }): DatabaseCascadeStore {
    return new DatabaseCascadeStore(options.client);
  }

  private constructor(private readonly db: Knex) {}

  async remembered(): Promise<RememberedEntity[]> {
    const rows = await this.db<EntityRow>('cascade_entities').orderBy('ref');
    return rows.map(({ ref, owners, last_owners: last, origin, location }) => ({
      ref,
      owners: JSON.parse(owners),
      ...(last !== owners && { lastOwners: JSON.parse(last) }),
      ...(origin !== null && { origin }),
      ...(location !== null && { location }),
    }));
  }

  async remember(
    entities: readonly RememberedEntity[],
    named: ReadonlySet<string>,
  ): Promise<void> {
    const known = new Map(
      (await this.remembered()).map(each => [each.ref, each]),
    );
    for (const entity of entities) {
      const { ref, owners, origin = null, location = null } = entity;
      const before = known.get(ref);
      const text = JSON.stringify(owners);
      if (!before)
        await this.db<EntityRow>('cascade_entities')
          .insert({ ref, owners: text, last_owners: text, origin, location })
          .onConflict('ref')
          .ignore();
      else if (
        (before.origin ?? null) !== origin ||
        (before.location ?? null) !== location ||
        JSON.stringify(before.lastOwners ?? before.owners) !== text
      )
        await this.db<EntityRow>('cascade_entities')
          .where({ ref })
          .update({ origin, location, last_owners: text });
      // Whose it was at first, when nobody owned it yet.
      if (before?.owners.length === 0 && owners.length > 0)
        await this.hasMoved(ref, owners);
    }
    for (const ref of known.keys())
      if (!named.has(ref))
        await this.db<EntityRow>('cascade_entities').where({ ref }).delete();
  }

  async hasMoved(ref: string, owners: readonly string[]): Promise<void> {
    await this.db<EntityRow>('cascade_entities')
      .where({ ref })
      .update({ owners: JSON.stringify(owners) });
  }

  async observe(
    flags: readonly SeenFlag[],
    now: number,
    isKnown: (api: string) => boolean,
  ): Promise<Map<string, Lasting>> {
    const table = () => this.db<FlagRow>('cascade_flags');
    const known = new Map((await table()).map(row => [row.key, row]));
    const seen = new Set(flags.map(({ key }) => key));
    for (const { key, api_ref: api } of known.values())
      if (!seen.has(key) && isKnown(api))
        await this.db.transaction(async trx => {
          await trx('cascade_flags').where({ key }).delete();
          // If it is so again one day, it is told again.
          await trx('cascade_told').where({ key }).delete();
        });
    const lasting = new Map<string, Lasting>();
    for (const { key, api } of flags) {
      const row = known.get(key);
      if (!row) {
        await table()
          .insert({ key, api_ref: api, since: now, seen_at: now, lasted_ms: 0 })
          .onConflict('key')
          .ignore();
        lasting.set(key, { since: now, lastedMs: 0 });
        continue;
      }
      const [since, seenAt, before] = [
        row.since,
        row.seen_at,
        row.lasted_ms,
      ].map(Number);
      const gap = now - seenAt;
      const lastedMs = before + Math.min(Math.max(gap, 0), LONGEST_GAP_MS);
      lasting.set(key, { since, lastedMs });
      // A clock that went back begins to count from there.
      if (gap >= SHORTEST_GAP_MS || gap < 0)
        await table()
          // Of several processes one counts.
          .where({ key, seen_at: row.seen_at })
          .update({ seen_at: now, lasted_ms: lastedMs });
    }
    return lasting;
  }

  async claim(
    person: string,
    day: string,
    keys: readonly string[],
  ): Promise<string[]> {
    const known = await this.db('cascade_told').where({ person });
    const told = new Set(known.map(({ key }) => key));
    const fresh = keys.filter(key => !told.has(key));
    if (fresh.length === 0) return [];
    return this.db.transaction(async trx => {
      // One row for each person and day: whoever writes it first tells them.
      const days = await trx('cascade_days')
        .insert({ person, told_on: day })
        .onConflict(['person', 'told_on'])
        .ignore()
        .returning('person');
      if (days.length === 0) return [];
      await trx('cascade_days')
        .where({ person })
        .andWhere('told_on', '<', day)
        .delete();
      for (const key of fresh)
        await trx('cascade_told')
          .insert({ person, key, told_on: day })
          .onConflict(['person', 'key'])
          .ignore();
      return fresh;
    });
  }

  async toldOf(key: string): Promise<Set<string>> {
    const rows = await this.db('cascade_told').where({ key });
    return new Set(rows.map(({ person }) => person));
  }
}
