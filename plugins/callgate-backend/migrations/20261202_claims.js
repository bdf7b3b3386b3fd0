// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('told_claims', table => {
    table.comment(
      'Contested workloads of which the platform team has been told, so that they are told once',
    );
    table.string('cluster', 255).notNullable();
    table.string('workload', 512).notNullable();
    table.string('key', 64).notNullable().comment('Hash of both');
    table.bigInteger('told_at').notNullable();
    table.primary(['key']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('told_claims');
};
