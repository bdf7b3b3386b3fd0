import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { FENCES } from '../fences/fences.mjs';
import { inRoot } from '../lib/paths.mjs';

test('every fence stands in the text that takes it out, and has its test', () => {
  for (const { id, edits, named } of FENCES) {
    assert.ok(fs.existsSync(inRoot(named)), `${id}: ${named}`);
    for (const { file, find, replace } of edits) {
      const text = fs.readFileSync(inRoot(file), 'utf8');
      assert.ok(text.includes(find), `${id}: ${file} does not have ${find}`);
      assert.notEqual(find, replace, id);
    }
  }
});

test('every fence has a name of its own', () => {
  const ids = FENCES.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});
