// @ts-check

/**
 * What people look a request up by, of requests of before: the words of the reason and the operations as they were asked for.
 *
 * @param {string} text
 */
function wordsOf(text) {
  try {
    const { reason, operations } = JSON.parse(text);
    /** @type {(value: unknown) => string[]} */
    const leaves = value => {
      if (typeof value === 'string') return [value];
      if (typeof value === 'number') return [String(value)];
      return typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(leaves)
        : [];
    };
    return [typeof reason === 'string' ? reason : '', ...leaves(operations)]
      .join(' ')
      .toLowerCase();
  } catch {
    // What cannot be read is found by its ends and its number.
    return '';
  }
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table
      .text('words')
      .notNullable()
      .defaultTo('')
      .comment('Lower case: reason and operations, for searching');
  });
  const rows = await knex('access_requests').select('id', 'draft');
  for (const { id, draft } of rows) {
    await knex('access_requests')
      .where({ id })
      .update({ words: wordsOf(draft) });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('access_requests', table => {
    table.dropColumn('words');
  });
};
