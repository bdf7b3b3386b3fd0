// @ts-check

/**
 * The id that a request's grant has where Callgate writes it: a function of caller and request.
 *
 * @param {string} callerRef
 * @param {string} id
 */
const grantIdOf = (callerRef, id) => {
  const name = callerRef.split('/').slice(1).join('/') || 'caller';
  return `${name.slice(0, 50).replace(/[-_.]+$/, '')}-${id
    .slice(-8)
    .toLowerCase()}`;
};

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table
      .string('grant_id', 63)
      .comment(
        'The grant that the request makes, confirms, changes or ends; absent where it is about a provider',
      );
    table.index(['api_ref', 'grant_id']);
  });
  await knex.schema.createTable('grant_reminders', table => {
    table.comment('Of which grants that end whom Callgate has reminded');
    table.string('person', 255).notNullable();
    table.string('api_ref', 255).notNullable();
    table.string('grant_id', 63).notNullable();
    table.string('until', 10).notNullable().comment('Last day of the grant');
    table
      .integer('step')
      .notNullable()
      .comment('So many days before the last one; -1: it is over');
    table.string('told_on', 10).notNullable();
    table.primary(['person', 'api_ref', 'grant_id', 'until', 'step']);
  });
  await knex.schema.createTable('grant_reminder_days', table => {
    table.comment('On which days whom: one notification for each');
    table.string('person', 255).notNullable();
    table.string('told_on', 10).notNullable();
    table.primary(['person', 'told_on']);
  });
  const rows = await knex('access_requests').select(
    'id',
    'caller_ref',
    'kind',
    'draft',
  );
  for (const { id, caller_ref: caller, kind, draft } of rows) {
    /** @type {unknown} */
    let grant = grantIdOf(caller, id);
    if (kind !== 'new') {
      try {
        grant = JSON.parse(draft)?.confirm?.grant;
      } catch {
        grant = undefined;
      }
    }
    if (typeof grant === 'string')
      await knex('access_requests').where({ id }).update({ grant_id: grant });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('grant_reminder_days');
  await knex.schema.dropTable('grant_reminders');
  await knex.schema.alterTable('access_requests', table => {
    table.dropIndex(['api_ref', 'grant_id']);
  });
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('grant_id');
  });
};
