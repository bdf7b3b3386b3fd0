// Loaded before anything else: takes out one fence while source files are read, and nowhere else. The edits come as JSON in
// CALLGATE_MUTANT.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const edits = JSON.parse(process.env.CALLGATE_MUTANT);
const targets = new Map();
for (const edit of edits) {
  const file = path.join(root, edit.file);
  targets.set(file, [...(targets.get(file) ?? []), edit]);
}
const read = fs.readFileSync;

fs.readFileSync = function readWithout(name, ...options) {
  const content = read.call(this, name, ...options);
  const own = targets.get(String(name));
  if (!own) return content;
  return own.reduce((text, { file, find, replace }) => {
    if (!text.includes(find)) throw new Error(`${file} does not have: ${find}`);
    return text.replace(find, () => replace);
  }, String(content));
};
