// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('approval_reminders', table => {
    table.comment(
      'Who has been told that a request waits: one row for each time that it began to wait, and each step',
    );
    table.string('person').notNullable().comment('Ref of a user or a group');
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table
      .bigInteger('since')
      .notNullable()
      .comment('When it began to wait. Milliseconds since 1970');
    table.string('step', 20).notNullable().comment('remind or escalate');
    table
      .string('told_on', 10)
      .notNullable()
      .comment('Day, such as 2027-03-01');
    table.unique(['person', 'request_id', 'since', 'step'], {
      indexName: 'approval_reminders_once',
    });
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('approval_reminders');
};
