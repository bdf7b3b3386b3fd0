// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('request_transitions', table => {
    table
      .text('facts')
      .comment(
        'JSON: what Callgate says of the step, put into words for each reader',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('request_transitions', table => {
    table.dropColumn('facts');
  });
};
