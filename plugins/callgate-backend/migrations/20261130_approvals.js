// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('request_approvals', table => {
    table.comment(
      'Who approved which meaning of a request; rows are added and ended, never changed into others',
    );
    table.increments('id');
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table.string('actor').notNullable();
    table
      .string('digest', 80)
      .notNullable()
      .comment('Digest of the meaning that was shown to the approver');
    table
      .string('need', 600)
      .notNullable()
      .comment('The need that it counts for, such as group group:default/a');
    table.text('note');
    table.bigInteger('at').notNullable().comment('Milliseconds since 1970');
    table
      .bigInteger('ended_at')
      .notNullable()
      .defaultTo(0)
      .comment('When it stopped to count; 0 while it does');
    table.index(['request_id', 'id']);
  });
  await knex.schema.alterTable('access_requests', table => {
    table
      .text('needs')
      .comment('JSON: whose approvals it takes; absent: one owner of the API');
  });
  // Until here one approval was enough, and the last one counted.
  const approvals = await knex('request_transitions')
    .join(
      'access_requests',
      'access_requests.id',
      'request_transitions.request_id',
    )
    .where('request_transitions.event', 'approve')
    .whereNotIn('access_requests.state', ['submitted', 'rejected'])
    .whereNotNull('request_transitions.actor')
    .orderBy('request_transitions.id')
    .select(
      'request_transitions.request_id',
      'request_transitions.actor',
      'request_transitions.at',
      'request_transitions.reason',
      'access_requests.digest',
      'access_requests.api_ref',
    );
  const last = new Map(approvals.map(row => [row.request_id, row]));
  for (const row of last.values()) {
    await knex('request_approvals').insert({
      request_id: row.request_id,
      actor: row.actor,
      digest: row.digest,
      need: `api-owner ${row.api_ref}`,
      note: row.reason,
      at: row.at,
    });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('needs');
  });
  await knex.schema.dropTable('request_approvals');
};
