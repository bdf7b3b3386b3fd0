import type { Knex } from 'knex';

/** A grant that somebody is to be reminded of. */
export interface DueGrant {
  api: string;
  grant: string;
  /** Its last day. */
  until: string;
  /** So many days before it, as configured; `-1`: it is over. */
  step: number;
}

interface ReminderRow {
  person: string;
  api_ref: string;
  grant_id: string;
  until: string;
  step: number;
  told_on: string;
}

/** Of which grants that end whom Callgate has reminded. */
export interface GrantReminders {
  /**
   * Takes note that a person is reminded of those of some grants that they have not heard of for this step.
   *
   * @param day - today; who has heard something today is told nothing more
   * @returns those that they are to be told of now, once in however many processes
   */
  claim(
    person: string,
    day: string,
    due: readonly DueGrant[],
  ): Promise<DueGrant[]>;
}

/** {@link GrantReminders} in the plugin's database. */
export class DatabaseGrantReminders implements GrantReminders {
  static create(options: { client: Knex }): DatabaseGrantReminders {
    return new DatabaseGrantReminders(options.client);
  }

  private constructor(private readonly db: Knex) {}

  async claim(
    person: string,
    day: string,
    due: readonly DueGrant[],
  ): Promise<DueGrant[]> {
    const known = await this.db<ReminderRow>('grant_reminders').where({
      person,
    });
    if (known.some(({ told_on: on }) => on === day)) return [];
    const told = new Set(known.map(keyOfRow));
    const fresh = due.filter(each => !told.has(keyOf(each)));
    if (fresh.length === 0) return [];
    const claimed = await this.db.transaction(async trx => {
      // One row for each person and day: whoever writes it first tells them.
      const days = await trx('grant_reminder_days')
        .insert({ person, told_on: day })
        .onConflict(['person', 'told_on'])
        .ignore()
        .returning('person');
      if (days.length === 0) return [];
      for (const { api, grant, until, step } of fresh)
        await trx<ReminderRow>('grant_reminders')
          .insert({
            person,
            api_ref: api,
            grant_id: grant,
            until,
            step,
            told_on: day,
          })
          .onConflict(['person', 'api_ref', 'grant_id', 'until', 'step'])
          .ignore();
      return fresh;
    });
    return claimed;
  }
}

function keyOf({ api, grant, until, step }: DueGrant): string {
  return JSON.stringify([api, grant, until, step]);
}

function keyOfRow({ api_ref: api, grant_id: grant, until, step }: ReminderRow) {
  return keyOf({ api, grant, until, step });
}
