// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('kubernetes_contents', table => {
    table
      .integer('bytes')
      .comment('Of the text, where an agent sent it: how much it may send');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('kubernetes_contents', table => {
    table.dropColumn('bytes');
  });
};
