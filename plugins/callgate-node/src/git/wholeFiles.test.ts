import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { wholeFiles } from './wholeFiles';

describe('wholeFiles', () => {
  let directory: string;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-files-'));
  });
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it('writes a file and leaves nothing else', async () => {
    await wholeFiles.promises.writeFile(path.join(directory, 'a'), 'text');
    expect(fs.readdirSync(directory)).toEqual(['a']);
    expect(fs.readFileSync(path.join(directory, 'a'), 'utf8')).toBe('text');
  });

  it('keeps the old file when writing fails', async () => {
    const file = path.join(directory, 'a');
    fs.writeFileSync(file, 'old');
    const unwritable = { toString: () => 'x' } as unknown as string;
    await expect(
      wholeFiles.promises.writeFile(file, unwritable),
    ).rejects.toThrow();
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(directory)).toEqual(['a']);
  });

  it('tells of a missing folder as the file system does', async () => {
    await expect(
      wholeFiles.promises.writeFile(path.join(directory, 'no', 'a'), 'x'),
    ).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
