import fs from 'node:fs';
import path from 'node:path';
import { forgeError } from '../forge/ForgeError';

const ATTEMPTS = 100;
const PAUSE_MS = 20;
/** A lock this old belongs to a process that ended: moving a ref takes milliseconds. */
const STALE_LOCK_MS = 30_000;

/**
 * Compare-and-swap of a branch by Git's own protocol (`refs/heads/<branch>.lock`, created exclusively, renamed over the
 * ref), so that a `git` process beside us is kept out as well.
 *
 * @throws ConflictError with code `branch-moved`
 */
export async function moveRef(options: {
  directory: string;
  branch: string;
  commit: string | undefined;
  expected: string | undefined;
  read: () => Promise<string | undefined>;
  remove: () => Promise<void>;
}): Promise<void> {
  const { directory, branch, commit, expected, read, remove } = options;
  const file = path.join(directory, 'refs', 'heads', ...branch.split('/'));
  const lock = `${file}.lock`;
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  const handle = await acquire(lock, branch);
  let renamed = false;
  try {
    const actual = await read();
    if (actual !== expected) {
      throw forgeError(
        'branch-moved',
        `The branch ${branch} has moved from ${expected ?? 'nothing'} to ${
          actual ?? 'nothing'
        } meanwhile. Try again from there.`,
      );
    }
    if (commit === undefined) {
      await remove();
    } else {
      await handle.writeFile(`${commit}\n`);
      await handle.sync();
      await fs.promises.rename(lock, file);
      renamed = true;
    }
  } finally {
    await handle.close();
    if (!renamed) {
      await fs.promises.rm(lock, { force: true });
    }
  }
}

async function acquire(
  lock: string,
  branch: string,
): Promise<fs.promises.FileHandle> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await fs.promises.open(lock, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const since = await fs.promises.stat(lock).then(
      stat => Date.now() - stat.mtimeMs,
      () => 0,
    );
    if (since > STALE_LOCK_MS) {
      await fs.promises.rm(lock, { force: true });
    } else {
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw forgeError(
    'branch-moved',
    `Another process is moving the branch ${branch}. Try again.`,
  );
}
