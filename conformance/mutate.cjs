// Loaded before anything else: puts one deliberate fault into a source file while it is read, and nowhere else. The
// fault comes as JSON in CONFORMANCE_MUTANT.
const fs = require('node:fs');
const path = require('node:path');

const { file, find, replace } = JSON.parse(process.env.CONFORMANCE_MUTANT);
const target = path.resolve(__dirname, '../packages/policy/src', file);
const read = fs.readFileSync;

fs.readFileSync = function readWithFault(name, ...options) {
  const content = read.call(this, name, ...options);
  if (path.resolve(String(name)) !== target) return content;
  const text = String(content);
  if (!text.includes(find)) throw new Error(`${file} does not have: ${find}`);
  return text.replace(find, () => replace);
};
