import fs from 'node:fs';
import path from 'node:path';

/** Changes a text file; a change that changes nothing is an error, since the template is not what was expected. */
export function edit(file, change) {
  const before = fs.readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) {
    throw new Error(`${file} is not as expected, and was not changed.`);
  }
  fs.writeFileSync(file, after);
}

/** Changes a JSON file in place: `change` is given what it holds. */
export function editJson(file, change) {
  edit(file, text => {
    const value = JSON.parse(text);
    change(value);
    return `${JSON.stringify(value, null, 2)}\n`;
  });
}

/** The text without what each pattern fits, once, which has to be there. */
export function without(text, ...patterns) {
  return patterns.reduce((rest, pattern) => {
    const left = rest.replace(new RegExp(pattern), '');
    if (left === rest) {
      throw new Error(`The template has nothing like ${pattern}`);
    }
    return left;
  }, text);
}

/** The text with something above a line that has to be there. */
export function above(text, line, inserted) {
  const at = text.split('\n').findIndex(one => one.trim() === line.trim());
  if (at < 0) throw new Error(`The template has no line ${line}`);
  const lines = text.split('\n');
  lines.splice(at, 0, ...inserted.split('\n'));
  return lines.join('\n');
}

/** Adds to the `resolutions` of the root package.json. */
export function addResolutions(host, resolutions) {
  editJson(path.join(host, 'package.json'), manifest => {
    manifest.resolutions = { ...manifest.resolutions, ...resolutions };
  });
}

export function addDependency(host, folder, name, version) {
  editJson(path.join(host, folder, 'package.json'), manifest => {
    manifest.dependencies[name] = version;
  });
}

/** Writes a new file of an app. */
export function write(host, file, text) {
  const target = path.join(host, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, `${text}\n`);
}
