// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('platform_notices', table => {
    table.comment(
      'What the platform team was told of and has not mended yet, so that it is told once',
    );
    table
      .string('id', 80)
      .primary()
      .comment('Of what it is about; notifications have it as their scope');
    table.text('what').notNullable().comment('What it is about, for people');
    table
      .bigInteger('told_at')
      .notNullable()
      .comment('Milliseconds since 1970');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('platform_notices');
};
