import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * A digest of everything that decides what an installation holds: the lock
 * file, every package.json, Yarn's configuration, and the machine.
 */
export function computeStamp(root, machine = thisMachine()) {
  const hash = createHash('sha256');
  const files = ['yarn.lock', '.yarnrc.yml', ...packageFiles(root)];
  for (const file of files) {
    hash.update(`${file}\0`);
    const full = path.join(root, file);
    hash.update(fs.existsSync(full) ? fs.readFileSync(full) : 'absent');
    hash.update('\0');
  }
  hash.update(machine);
  return hash.digest('hex');
}

function packageFiles(root) {
  const { workspaces } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  const folders = workspaces.flatMap(pattern => {
    if (!pattern.endsWith('/*')) {
      return [pattern];
    }
    const parent = pattern.slice(0, -2);
    const full = path.join(root, parent);
    return fs.existsSync(full)
      ? fs.readdirSync(full).map(name => `${parent}/${name}`)
      : [];
  });
  return ['', ...folders.sort()]
    .map(folder => path.posix.join(folder, 'package.json'))
    .filter(file => fs.existsSync(path.join(root, file)));
}

function thisMachine() {
  return [
    process.versions.node.split('.')[0],
    process.platform,
    process.arch,
  ].join(' ');
}
