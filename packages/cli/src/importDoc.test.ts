import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { folderWith, removeFolders } from './__fixtures__/runCaptured';
import { findRealEstates } from './__fixtures__/realEstates';

/*
 * What docs/estates.md and docs/import.md have people run, as it is printed there, with a `curl` that takes from a folder what
 * is on the internet.
 */
const ROOT = resolve(__dirname, '../../..');
const estates = findRealEstates();
const describeHere = estates ? describe : describe.skip;
if (!estates)
  it.todo(
    'docs/import.md: the manifests of Online Boutique are not here, set CALLGATE_ESTATES to the folder that has them',
  );

/** The blocks of a page in a language. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...text.matchAll(fence)].map(([, block]) => block);
}

/** Puts commands where a shell finds them first. */
function standIns(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const upstream = join(estates!, 'online-boutique');
  const write = (name: string, lines: string[]) => {
    writeFileSync(join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(join(bin, name), 0o755);
  };
  // curl -fsSLo FILE URL
  write('curl', [
    'name=$(basename "$3")',
    `file=$(find '${upstream}' -name "$name" -type f)`,
    '[ -n "$file" ] && exec cp "$file" "$2"',
    'echo "nothing stands in for $3" >&2; exit 22',
  ]);
  write('npx', [
    'shift',
    `exec '${process.execPath}' '${join(
      ROOT,
      'node_modules/.bin/callgate',
    )}' "$@"`,
  ]);
  return bin;
}

/** A line as it is printed, whatever folder its files are in, and how wide its columns are. */
const plain = (line: string) =>
  line.replace(/\([^()\s]*\/(?=[^/]*\))/g, '(…/').replace(/ +/g, ' ');

describeHere('docs/import.md', () => {
  afterEach(removeFolders);

  it('imports Online Boutique by its commands, and says what it prints', () => {
    const cwd = folderWith({});
    symlinkSync(join(ROOT, 'packages'), join(cwd, 'packages'));
    const [fetched, compiled] = blocksOf('estates.md', 'sh');
    const [imported] = blocksOf('import.md', 'sh');
    const output = execFileSync(
      'sh',
      ['-e', '-c', [fetched, compiled, 'echo ====', imported].join('\n')],
      {
        cwd,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${standIns(cwd)}:${process.env.PATH}`,
          COLUMNS: '400',
        },
      },
    );
    const printed = output.split('====\n')[1].split('\n').map(plain);
    const [shown] = blocksOf('import.md', 'console');
    const lines = shown
      .split('\n')
      .filter(line => line !== '' && line !== '…')
      .map(plain);
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter(line => !printed.includes(line))).toEqual([]);
  });
});
