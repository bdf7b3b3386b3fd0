// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table
      .bigInteger('texts_blanked_at')
      .comment(
        'When what people wrote was taken out, milliseconds since 1970; absent while it is there',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('texts_blanked_at');
  });
};
