// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('request_comments', table => {
    table.comment('What people said about requests; rows are only ever added');
    table.string('id', 26).primary().comment('ULID');
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table.string('actor').notNullable();
    table.text('text').notNullable();
    table.text('mentions').notNullable().comment('JSON: refs that were told');
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.index(['request_id', 'at']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('request_comments');
};
