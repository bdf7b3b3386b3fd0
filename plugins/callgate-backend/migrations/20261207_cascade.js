// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('cascade_entities', table => {
    table.comment('What is known of callers for the time when they are gone');
    table.string('ref', 255).primary();
    table.text('owners').notNullable().comment('JSON: full refs, sorted');
    table
      .text('last_owners')
      .notNullable()
      .comment('The same, when it was seen last');
    table.text('origin').comment('backstage.io/managed-by-origin-location');
    table.text('location').comment('backstage.io/managed-by-location');
  });
  await knex.schema.createTable('cascade_flags', table => {
    table.comment(
      'What has become of the things that grants name, and for how long it has been seen so',
    );
    table.string('key', 64).primary();
    table.string('api_ref', 255).notNullable();
    table.bigInteger('since').notNullable().comment('Milliseconds since 1970');
    table.bigInteger('seen_at').notNullable();
    table
      .bigInteger('lasted_ms')
      .notNullable()
      .comment('Counted between readings: not while nothing was read');
  });
  await knex.schema.createTable('cascade_told', table => {
    table.comment('Who has been told of what');
    table.string('person', 255).notNullable();
    table.string('key', 64).notNullable();
    table.string('told_on', 10).notNullable();
    table.primary(['person', 'key']);
    table.index(['key']);
  });
  await knex.schema.createTable('cascade_days', table => {
    table.comment('On which days whom: one notification for each');
    table.string('person', 255).notNullable();
    table.string('told_on', 10).notNullable();
    table.primary(['person', 'told_on']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'cascade_days',
    'cascade_told',
    'cascade_flags',
    'cascade_entities',
  ])
    await knex.schema.dropTable(table);
};
