// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('kubernetes_leases', table => {
    table.comment('Which replica reads a cluster');
    table.string('cluster', 255).primary();
    table.string('holder', 36).comment('One term of one replica');
    table
      .bigInteger('leased_until')
      .notNullable()
      .comment("Milliseconds since 1970, by the database's clock");
    table
      .bigInteger('as_of')
      .comment('The same: when the snapshot was last what the cluster has');
  });
  await knex.schema.createTable('kubernetes_snapshots', table => {
    table.comment('What a cluster has, as it was read last');
    table.string('cluster', 255).primary();
    table
      .string('version', 36)
      .notNullable()
      .comment('Another one with each change');
    table
      .string('settings', 64)
      .notNullable()
      .comment('Digest of how the cluster is read');
    table.text('problems').notNullable().comment('JSON: sentences');
    table
      .binary('manifest')
      .comment(
        'JSON, gzip: path and digest of each file; null until everything was read once',
      );
  });
  await knex.schema.createTable('kubernetes_contents', table => {
    table.comment('Texts of the files of the snapshots');
    table.string('cluster', 255).notNullable();
    table.string('digest', 64).notNullable().comment('SHA-256 of the text');
    table.binary('text').notNullable().comment('gzip');
    table.primary(['cluster', 'digest']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'kubernetes_contents',
    'kubernetes_snapshots',
    'kubernetes_leases',
  ])
    await knex.schema.dropTable(table);
};
