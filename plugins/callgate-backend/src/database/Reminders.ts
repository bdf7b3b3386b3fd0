import { daysUntil } from '@callgate/policy';
import type { Knex } from 'knex';

/** Something that somebody is to be reminded of. */
export interface Reminder {
  /** `grant-ends`: a grant ends. `request-waits`: nobody decides. `review-due`: a grant is to be reviewed. */
  kind: 'grant-ends' | 'request-waits' | 'review-due';
  /** What tells it from others of its kind, with the step that it is at: of each they hear once. */
  subject: readonly (string | number)[];
  /** They hear of it again so many days after; absent: once and no more. */
  again?: number;
}

interface ReminderRow {
  person: string;
  kind: string;
  subject: string;
  told_on: string;
}

/** Of what whom Callgate has reminded. */
export interface Reminders {
  /**
   * Takes note that somebody is reminded of those of some things that they have not heard of.
   *
   * @param person - ref of a user or a group
   * @param day - today; who has been reminded of anything today is told nothing more
   * @returns those that they are to be told of now, once in however many processes
   */
  claim<T extends Reminder>(
    person: string,
    day: string,
    due: readonly T[],
  ): Promise<T[]>;
}

/** {@link Reminders} in the plugin's database. */
export class DatabaseReminders implements Reminders {
  static create(options: { client: Knex }): DatabaseReminders {
    return new DatabaseReminders(options.client);
  }

  private constructor(private readonly db: Knex) {}

  async claim<T extends Reminder>(
    person: string,
    day: string,
    due: readonly T[],
  ): Promise<T[]> {
    const known = await this.db<ReminderRow>('reminders').where({ person });
    const told = new Map(known.map(row => [rowKey(row), row.told_on]));
    const fresh = due.filter(each => {
      const last = told.get(rowKey(rowOf(each)));
      return (
        last === undefined ||
        // A clock that was wrong by weeks silences nobody for as long.
        (each.again !== undefined &&
          Math.abs(daysUntil(last, day)) >= each.again)
      );
    });
    if (fresh.length === 0) return [];
    return this.db.transaction(async trx => {
      // One row for each person and day, whatever they are reminded of: whoever writes it first tells them.
      const days = await trx('grant_reminder_days')
        .insert({ person, told_on: day })
        .onConflict(['person', 'told_on'])
        .ignore()
        .returning('person');
      if (days.length === 0) return [];
      for (const each of fresh)
        await trx<ReminderRow>('reminders')
          .insert({ person, ...rowOf(each), told_on: day })
          .onConflict(['person', 'kind', 'subject'])
          .merge(['told_on']);
      return fresh;
    });
  }
}

function rowOf({ kind, subject }: Reminder) {
  return { kind, subject: JSON.stringify(subject) };
}

function rowKey({ kind, subject }: Pick<ReminderRow, 'kind' | 'subject'>) {
  return `${kind} ${subject}`;
}
