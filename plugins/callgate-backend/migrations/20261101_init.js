// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('access_requests', table => {
    table.comment('Access requests: the workflow records. Grants live in Git.');
    table.string('id', 26).primary().comment('ULID');
    table
      .integer('number')
      .notNullable()
      .unique()
      .comment('Number for people, counted from 1');
    table.string('api_ref').notNullable().index();
    table.string('caller_ref').notNullable().index();
    table
      .text('draft')
      .notNullable()
      .comment('JSON: operations, scope, reason, acknowledged gaps');
    table.string('state', 16).notNullable().index();
    table.string('requested_by').notNullable().index();
    table.string('decided_by').comment('Who approved or rejected');
    table
      .string('digest', 80)
      .notNullable()
      .comment(
        'Digest of the meaning that was shown last and that an approval binds to',
      );
    table
      .text('shown')
      .notNullable()
      .comment(
        'JSON: the meaning behind the digest, for people and for comparison',
      );
    table.string('proposal_id', 26).index();
    table
      .integer('risk')
      .notNullable()
      .comment(
        'How closely to look, 0 to 7: isolation flip 4, a whole port 2, a write 1',
      );
    table
      .integer('version')
      .notNullable()
      .comment('Counts up with every change; guards against lost updates');
    table
      .bigInteger('created_at')
      .notNullable()
      .comment('Milliseconds since 1970');
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('request_parties', table => {
    table.comment(
      'Entities that a permission policy may ask for: owners of API and caller when the request was sent',
    );
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table
      .string('role', 16)
      .notNullable()
      .comment('requester, api-owner or caller-owner');
    table.string('ref').notNullable();
    table.primary(['request_id', 'role', 'ref']);
    table.index(['ref', 'role']);
  });
  await knex.schema.createTable('request_transitions', table => {
    table.comment('Every step of every request; rows are only ever added');
    table.increments('id');
    table
      .string('request_id', 26)
      .notNullable()
      .references('id')
      .inTable('access_requests')
      .onDelete('CASCADE');
    table.bigInteger('at').notNullable();
    table
      .string('actor')
      .comment('Entity ref; absent where Callgate itself acted');
    table.string('event', 16).notNullable();
    table.string('from_state', 16);
    table.string('to_state', 16).notNullable();
    table.text('reason');
    table.string('link').comment('The pull request');
    table.index(['request_id', 'id']);
  });
  await knex.schema.createTable('proposals', table => {
    table.comment(
      'Pull requests of Callgate: at most one that is not ended for each API',
    );
    table.string('id', 26).primary();
    table.string('api_ref').notNullable().index();
    table.string('state', 16).notNullable().index();
    table
      .text('record')
      .notNullable()
      .comment(
        'JSON: branch, forge, number, title, body, files, checks, meaning, problem',
      );
    table
      .integer('version')
      .notNullable()
      .comment('Counts up with every change; guards against lost updates');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await knex.schema.createTable('outbox', table => {
    table.comment(
      'Proposals to build: one row an API, written in the transaction that makes it necessary',
    );
    table.string('api_ref').primary();
    table
      .integer('version')
      .notNullable()
      .comment('Counts up with every reason to build');
    table
      .integer('attempts')
      .notNullable()
      .comment('Failed attempts since the last success');
    table.bigInteger('due_at').notNullable().index();
    table
      .bigInteger('leased_until')
      .notNullable()
      .comment('Milliseconds since 1970; 0 when nobody works on it');
    table.string('lease_token', 26).comment('Proves whose lease it is');
    table.text('problem');
  });
  await knex.schema.createTable('idempotency_keys', table => {
    table.comment('Writes that were answered already');
    table.string('actor').notNullable();
    table.string('key', 200).notNullable();
    table.string('request_id', 26).notNullable();
    table.string('body_hash', 64).notNullable();
    table.bigInteger('created_at').notNullable();
    table.primary(['actor', 'key']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('idempotency_keys');
  await knex.schema.dropTable('outbox');
  await knex.schema.dropTable('proposals');
  await knex.schema.dropTable('request_transitions');
  await knex.schema.dropTable('request_parties');
  await knex.schema.dropTable('access_requests');
};
