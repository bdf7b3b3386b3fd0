// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('forge_comments', table => {
    table.comment(
      'What people said on pull requests, for each request that those carried; follows the forge',
    );
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table
      .string('key', 64)
      .notNullable()
      .comment('SHA-256 of repository and id: the same comment anywhere');
    table.string('proposal_id', 26).notNullable();
    table.string('forge').notNullable();
    table.integer('number').notNullable().comment('Of the pull request');
    table.string('author').notNullable().comment('As the forge calls them');
    table.text('text').notNullable();
    table.string('decision', 20).comment('Of a review');
    table.text('file').comment('That it is about');
    table.text('link');
    table.boolean('cut').notNullable().comment('There is more on the forge');
    table
      .boolean('blanked')
      .notNullable()
      .comment('Its text was taken out, and stays out');
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table.primary(['request_id', 'key']);
    table.index(['proposal_id', 'number']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('forge_comments');
};
