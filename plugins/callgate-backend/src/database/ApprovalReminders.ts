import type { Knex } from 'knex';

/** A request that somebody is to be told of because it waits. */
export interface WaitingRequest {
  /** Its id. */
  request: string;
  /** When it began to wait. Milliseconds since 1970. */
  since: number;
  /** `remind`: to those who can decide. `escalate`: to the group that hears of it in the end. */
  step: 'remind' | 'escalate';
}

interface ReminderRow {
  person: string;
  request_id: string;
  since: number | string;
  step: string;
  told_on: string;
}

/** Of which requests that wait whom Callgate has told. */
export interface ApprovalReminders {
  /**
   * Takes note that somebody is told of those of some requests that they have not heard of for this step and this wait.
   *
   * @param person - ref of a user or a group
   * @param day - today; who has been reminded of anything today is told nothing more
   * @returns those that they are to be told of now, once in however many processes
   */
  claim(
    person: string,
    day: string,
    due: readonly WaitingRequest[],
  ): Promise<WaitingRequest[]>;
}

/** {@link ApprovalReminders} in the plugin's database. */
export class DatabaseApprovalReminders implements ApprovalReminders {
  static create(options: { client: Knex }): DatabaseApprovalReminders {
    return new DatabaseApprovalReminders(options.client);
  }

  private constructor(private readonly db: Knex) {}

  async claim(
    person: string,
    day: string,
    due: readonly WaitingRequest[],
  ): Promise<WaitingRequest[]> {
    const known = await this.db<ReminderRow>('approval_reminders').where({
      person,
    });
    const told = new Set(
      known.map(({ request_id: request, since, step }) =>
        keyOf({ request, since: Number(since), step }),
      ),
    );
    const fresh = due.filter(each => !told.has(keyOf(each)));
    if (fresh.length === 0) return [];
    return this.db.transaction(async trx => {
      // One row for each person and day, whatever they are reminded of: whoever writes it first tells them.
      const days = await trx('grant_reminder_days')
        .insert({ person, told_on: day })
        .onConflict(['person', 'told_on'])
        .ignore()
        .returning('person');
      if (days.length === 0) return [];
      for (const { request, since, step } of fresh)
        await trx<ReminderRow>('approval_reminders')
          .insert({ person, request_id: request, since, step, told_on: day })
          .onConflict(['person', 'request_id', 'since', 'step'])
          .ignore();
      return fresh;
    });
  }
}

function keyOf({
  request,
  since,
  step,
}: {
  request: string;
  since: number;
  step: string;
}): string {
  return JSON.stringify([request, since, step]);
}
