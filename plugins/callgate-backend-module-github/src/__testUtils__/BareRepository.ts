import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const WHO = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.test',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.test',
};

/** A bare repository, worked on with `git` itself. */
export class BareRepository {
  static create(
    directory: string,
    files: Record<string, string>,
  ): BareRepository {
    fs.mkdirSync(directory, { recursive: true });
    const repository = new BareRepository(directory);
    repository.git(['init', '-q', '--bare', '-b', 'main']);
    repository.git(['config', 'http.receivepack', 'true']);
    const index = path.join(directory, 'seed.index');
    for (const [file, text] of Object.entries(files)) {
      const blob = repository.git(['hash-object', '-w', '--stdin'], text);
      repository.git(
        ['update-index', '--add', '--cacheinfo', `100644,${blob},${file}`],
        undefined,
        {
          GIT_INDEX_FILE: index,
        },
      );
    }
    const tree = repository.git(['write-tree'], undefined, {
      GIT_INDEX_FILE: index,
    });
    fs.rmSync(index);
    repository.git([
      'update-ref',
      'refs/heads/main',
      repository.commit(tree, [], 'Start'),
    ]);
    return repository;
  }

  private constructor(readonly directory: string) {}

  git(
    args: string[],
    input?: string,
    env: Record<string, string> = {},
  ): string {
    return execFileSync('git', ['--git-dir', this.directory, ...args], {
      encoding: 'utf8',
      input: input ?? '',
      env: { ...process.env, ...WHO, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trim();
  }

  head(branch: string): string | undefined {
    try {
      return this.git(['rev-parse', '--verify', '-q', `refs/heads/${branch}`]);
    } catch {
      return undefined;
    }
  }

  has(commit: string): boolean {
    try {
      this.git(['cat-file', '-e', `${commit}^{commit}`]);
      return true;
    } catch {
      return false;
    }
  }

  commit(tree: string, parents: string[], message: string): string {
    return this.git([
      'commit-tree',
      tree,
      ...parents.flatMap(parent => ['-p', parent]),
      '-m',
      message,
    ]);
  }

  /** The tree of a three-way merge, or `undefined` where it conflicts. */
  mergedTree(base: string, head: string): string | undefined {
    try {
      return this.git(['merge-tree', '--write-tree', base, head]).split(
        '\n',
      )[0];
    } catch {
      return undefined;
    }
  }
}
