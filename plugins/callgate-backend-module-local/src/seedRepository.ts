import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { BareGitStore } from '@callgate/plugin-callgate-node';
import git from 'isomorphic-git';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const README = `# Policy repository

Who may call which API, declared in \`policies/\`; the Kubernetes and Istio manifests that follow from it are in
\`clusters/\` and are generated: change them by changing a declaration.
`;

/** Folders and files of a seed that are never part of a repository. */
const LEFT_OUT = new Set(['.git', 'node_modules', '.DS_Store']);

/**
 * Makes the bare repository unless it is there. It is built beside its place and moved there whole, so that a crash
 * leaves either nothing or a complete repository.
 *
 * @param seed - folder whose files are the first commit of a new repository
 * @param logger - hears that a seed is not read because the repository is there already
 * @throws InputError when the folder cannot be read
 */
export async function seedRepository(options: {
  directory: string;
  branch: string;
  seed?: string;
  timestamp: number;
  logger?: LoggerService;
}): Promise<BareGitStore> {
  const { directory, branch, seed, timestamp, logger } = options;
  if (fs.existsSync(directory)) {
    if (seed !== undefined) {
      logger?.info(
        `The policy repository ${directory} is there already, so callgate.policyRepository.seed (${seed}) is not read: ` +
          'a seed is the first commit of a new repository. What changed in it since goes in by a pull request.',
      );
    }
    return BareGitStore.open(directory);
  }
  const changes = seed
    ? await readFolder(seed)
    : new Map([['README.md', README]]);
  const aside = `${directory}.${randomUUID()}`;
  try {
    const store = await BareGitStore.open(aside);
    const commit = await store.commit({
      parents: [],
      changes,
      message: seed
        ? 'Start the policy repository from its seed'
        : 'Start the policy repository',
      timestamp,
    });
    await store.moveBranch(branch, commit, undefined);
    await git.writeRef({
      fs,
      gitdir: aside,
      ref: 'HEAD',
      value: `refs/heads/${branch}`,
      symbolic: true,
      force: true,
    });
    await fs.promises.rename(aside, directory);
  } catch (error) {
    // Another process may have been faster; its repository is as good.
    if (!fs.existsSync(directory)) throw error;
  } finally {
    await fs.promises.rm(aside, { recursive: true, force: true });
  }
  return BareGitStore.open(directory);
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (at: string): Promise<void> => {
    const entries = await fs.promises.readdir(path.join(folder, at), {
      withFileTypes: true,
    });
    for (const entry of entries) {
      const name = at ? `${at}/${entry.name}` : entry.name;
      if (LEFT_OUT.has(entry.name)) continue;
      if (entry.isDirectory()) await visit(name);
      if (entry.isFile())
        files.set(
          name,
          await fs.promises.readFile(path.join(folder, name), 'utf8'),
        );
    }
  };
  try {
    await visit('');
  } catch (error) {
    throw new InputError(
      `The seed of the policy repository cannot be read: ${folder} (${
        (error as NodeJS.ErrnoException).code ?? 'unknown error'
      }). Correct callgate.policyRepository.seed.`,
    );
  }
  if (files.size === 0) {
    throw new InputError(
      `The seed of the policy repository has no files: ${folder}. Correct callgate.policyRepository.seed.`,
    );
  }
  return files;
}
