import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCli } from '../runCli';

/** What a run of the command line gave. */
export interface CapturedRun {
  code: number;
  stdout: string;
  stderr: string;
  /** stdout as JSON; throws when it is none. */
  json(): Record<string, unknown>;
}

/** Runs the command line in a folder and captures its streams. */
export async function runCaptured(
  argv: readonly string[],
  options: {
    cwd?: string;
    isTerminal?: boolean;
    env?: Record<string, string>;
    /** Ends what runs until it is ended. */
    signal?: AbortSignal;
    onStderr?: (text: string) => void;
  } = {},
): Promise<CapturedRun> {
  let stdout = '';
  let stderr = '';
  let time = 0;
  const code = await runCli(argv, {
    stdout: text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
      options.onStderr?.(text);
    },
    cwd: options.cwd ?? process.cwd(),
    isTerminal: options.isTerminal ?? false,
    ...(options.signal && { interrupted: () => options.signal! }),
    ...(options.env && { env: options.env }),
    now: () => (time += 1),
  });
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}

const folders: string[] = [];

/** A temporary folder with these files; removed by {@link removeFolders}. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-cli-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Removes what {@link folderWith} made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
}
