// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table
      .string('afterwards', 20)
      .comment(
        'Of a request that went on before anybody approved it, what came of that: undecided, confirmed, rejected or lapsed; absent of every other one',
      );
    table
      .bigInteger('expires_at')
      .comment('When what such a request opened ends. Milliseconds since 1970');
    table.index(['afterwards', 'expires_at']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table.dropIndex(['afterwards', 'expires_at']);
  });
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('afterwards');
    table.dropColumn('expires_at');
  });
};
