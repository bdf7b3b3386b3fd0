// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table
      .string('kind', 16)
      .notNullable()
      .defaultTo('new')
      .comment(
        'new: asks for access; confirm: for what is declared already, or who provides it',
      );
    table
      .string('open_key', 64)
      .comment(
        'Hash of what an open confirm request is about, so that there is one; absent once it ends',
      );
    table.unique(['open_key']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table.dropUnique(['open_key']);
  });
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('open_key');
    table.dropColumn('kind');
  });
};
