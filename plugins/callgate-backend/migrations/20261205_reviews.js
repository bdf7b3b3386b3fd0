// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('grant_reviews', table => {
    table.comment(
      'Grants that somebody looked at again and kept; nothing of it is in Git',
    );
    table.string('id', 26).primary();
    table.string('api_ref', 255).notNullable();
    table.string('caller_ref', 255).notNullable();
    table.string('grant_id', 63).notNullable();
    table
      .string('declared_request', 255)
      .notNullable()
      .comment('The request in the grant then: another one is another grant');
    table
      .string('follows', 26)
      .notNullable()
      .comment(
        'Id of the merged request or the review before it; empty where there was none. One review follows each',
      );
    table.string('actor').notNullable();
    table.string('role', 600).notNullable().comment('What they decided as');
    table
      .string('digest', 80)
      .notNullable()
      .comment('Of what the grant stood for');
    table.text('terms').notNullable().comment('What it said then, as JSON');
    table.text('note').comment('What they said; absent: nothing, or taken out');
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.string('key', 200).comment('Idempotency-Key of the write');
    table.string('body_hash', 64);
    table.unique(
      ['api_ref', 'grant_id', 'caller_ref', 'declared_request', 'follows'],
      { indexName: 'grant_reviews_once' },
    );
    table.unique(['actor', 'key'], { indexName: 'grant_reviews_key' });
    table.index(['at'], 'grant_reviews_at');
  });

  await knex.schema.createTable('reminders', table => {
    table.comment('Of what whom Callgate has reminded');
    table.string('person', 255).notNullable().comment('Ref of a user or group');
    table.string('kind', 20).notNullable();
    table
      .string('subject', 512)
      .notNullable()
      .comment('What it was about and at which step, as JSON');
    table.string('told_on', 10).notNullable().comment('The last day');
    table.primary(['person', 'kind', 'subject']);
  });
  for (const row of await knex('grant_reminders').select())
    await knex('reminders').insert({
      person: row.person,
      kind: 'grant-ends',
      subject: JSON.stringify([row.api_ref, row.grant_id, row.until, row.step]),
      told_on: row.told_on,
    });
  for (const row of await knex('approval_reminders').select())
    await knex('reminders').insert({
      person: row.person,
      kind: 'request-waits',
      subject: JSON.stringify([row.request_id, Number(row.since), row.step]),
      told_on: row.told_on,
    });
  await knex.schema.dropTable('grant_reminders');
  await knex.schema.dropTable('approval_reminders');
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.createTable('grant_reminders', table => {
    table.string('person', 255).notNullable();
    table.string('api_ref', 255).notNullable();
    table.string('grant_id', 63).notNullable();
    table.string('until', 10).notNullable();
    table.integer('step').notNullable();
    table.string('told_on', 10).notNullable();
    table.primary(['person', 'api_ref', 'grant_id', 'until', 'step']);
  });
  await knex.schema.createTable('approval_reminders', table => {
    table.string('person').notNullable();
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table.bigInteger('since').notNullable();
    table.string('step', 20).notNullable();
    table.string('told_on', 10).notNullable();
    table.unique(['person', 'request_id', 'since', 'step'], {
      indexName: 'approval_reminders_once',
    });
  });
  for (const row of await knex('reminders').select()) {
    const { person, told_on } = row;
    const parts = JSON.parse(row.subject);
    if (row.kind === 'grant-ends') {
      const [api_ref, grant_id, until, step] = parts;
      await knex('grant_reminders').insert({
        ...{ person, told_on, api_ref, grant_id, until, step },
      });
    }
    if (row.kind === 'request-waits') {
      const [request_id, since, step] = parts;
      await knex('approval_reminders').insert({
        ...{ person, told_on, request_id, since, step },
      });
    }
  }
  await knex.schema.dropTable('reminders');
  await knex.schema.dropTable('grant_reviews');
};
