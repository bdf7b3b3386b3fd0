import fs from 'node:fs';
import { inRoot } from '../paths.mjs';

const PAGE = 'docs/install.md';

/**
 * A code block of docs/install.md, so that what is tried is what people read.
 *
 * @param name - what stands in the comment above it: `<!-- test:install NAME -->`
 */
export function documented(name, page = fs.readFileSync(inRoot(PAGE), 'utf8')) {
  const [, after] = page.split(`<!-- test:install ${name} -->\n`);
  const block = after && /^\n?```[a-z]+\n([^]*?)\n```\n/.exec(after);
  if (!block) {
    throw new Error(
      `${PAGE} has no code block below <!-- test:install ${name} -->.`,
    );
  }
  return block[1];
}

/**
 * What commands such as `yarn --cwd packages/app add NAME` add where.
 *
 * @returns pairs of a folder and a package
 */
export function packagesToAdd(commands) {
  return commands
    .split('\n')
    .filter(line => line.trim() !== '')
    .flatMap(line => {
      const [, folder, names] =
        /^yarn --cwd (\S+) add ((?:\S+ ?)+)$/.exec(line) ?? [];
      if (!names) throw new Error(`Not a command that adds packages: ${line}`);
      return names
        .trim()
        .split(' ')
        .map(name => ({ folder, name }));
    });
}
