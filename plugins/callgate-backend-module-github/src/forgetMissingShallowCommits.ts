import git from 'isomorphic-git';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Takes commits that are not there out of Git's list of those without parents (the file `shallow`, an id in each line). isomorphic-git
 * notes them before their objects have come, and a server that is asked for older commits leaves out what belongs to them: where the
 * line broke in between, that would never come.
 */
export async function forgetMissingShallowCommits(
  gitdir: string,
): Promise<void> {
  const file = path.join(gitdir, 'shallow');
  let text: string;
  try {
    text = await fs.promises.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const noted = text.split('\n').filter(line => line !== '');
  const there: string[] = [];
  for (const oid of noted) {
    const isThere = await git.readCommit({ fs, gitdir, oid }).then(
      () => true,
      () => false,
    );
    if (isThere) there.push(oid);
  }
  if (there.length < noted.length)
    await fs.promises.writeFile(file, there.map(oid => `${oid}\n`).join(''));
}
