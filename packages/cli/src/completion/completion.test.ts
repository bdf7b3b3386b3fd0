import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from '../__fixtures__/runCaptured';

afterEach(removeFolders);

/** What bash offers when Tab is pressed after a line. */
async function offered(line: string, cwd = process.cwd()): Promise<string[]> {
  const { stdout: script, code } = await runCaptured(['completion', 'bash']);
  expect(code).toBe(0);
  const words = line.split(' ');
  const { stdout, stderr, status } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      `${script}
COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_callgate
printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { cwd, encoding: 'utf8' },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter(text => text !== '');
}

describe('callgate completion bash', () => {
  it('offers commands', async () => {
    expect(await offered('callgate e')).toEqual(['explain', 'eval']);
  });

  it('offers the options of the command alone', async () => {
    expect(await offered('callgate reach --la')).toEqual(['--layer']);
    expect(await offered('callgate lint --la')).toEqual([]);
  });

  it('offers the values that an option takes', async () => {
    expect(await offered('callgate reach --layer ')).toEqual([
      'kernel',
      'identity',
      'method',
    ]);
    expect(await offered('callgate diff -o m')).toEqual(['markdown']);
    expect(await offered('callgate completion f')).toEqual(['fish']);
  });

  it('offers files where paths are asked for, also after the name of a cluster and after another path', async () => {
    const folder = folderWith({ 'estate/a.yaml': '', 'other.yaml': '' });
    expect(await offered('callgate reach --world es', folder)).toEqual([
      'estate',
    ]);
    expect(await offered('callgate reach --world x other', folder)).toEqual([
      'other.yaml',
    ]);
    expect(await offered('callgate reach --world eu=es', folder)).toEqual([
      'eu=estate',
    ]);
  });

  it('offers options after a dash in place of files', async () => {
    expect(
      await offered('callgate reach --world x --cl', join(__dirname)),
    ).toEqual(['--classes']);
  });
});

describe('callgate completion', () => {
  it('is read by fish line by line, with the values of options', async () => {
    const { stdout } = await runCaptured(['completion', 'fish']);
    expect(stdout.split('\n')).toContain(
      "complete -c callgate -n '__fish_seen_subcommand_from reach' -l layer -x -a 'kernel identity method' -d 'what this layer alone would admit'",
    );
  });

  it('of zsh is that of bash behind bashcompinit', async () => {
    const { stdout } = await runCaptured(['completion', 'zsh']);
    expect(stdout).toMatch(/bashcompinit[^]*complete -F _callgate callgate/);
  });

  it('of an unknown shell is wrong usage', async () => {
    const { code, stderr } = await runCaptured(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bash, zsh, fish/);
  });
});
