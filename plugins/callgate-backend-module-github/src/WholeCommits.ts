import git from 'isomorphic-git';
import fs from 'node:fs';

/** Tells which commits a clone has with all their files. What was seen once is not looked for again. */
export class WholeCommits {
  readonly #seen = new Set<string>();

  constructor(private readonly gitdir: string) {}

  /** Whether a commit is there with every tree and file of it; not whether the commits before it are. */
  async has(commit: string): Promise<boolean> {
    if (this.#seen.has(commit)) return true;
    const at = { fs, gitdir: this.gitdir, cache: {} };
    try {
      const { commit: read } = await git.readCommit({ ...at, oid: commit });
      await this.#look(at, read.tree);
    } catch {
      return false;
    }
    this.#seen.add(commit);
    return true;
  }

  /** @throws where something is missing */
  async #look(
    at: { fs: typeof fs; gitdir: string; cache: object },
    tree: string,
  ): Promise<void> {
    if (this.#seen.has(tree)) return;
    const { tree: entries } = await git.readTree({ ...at, oid: tree });
    for (const { type, oid } of entries) {
      if (type === 'tree') await this.#look(at, oid);
      else if (type === 'blob' && !this.#seen.has(oid)) {
        await git.readObject({ ...at, oid, format: 'deflated' });
        this.#seen.add(oid);
      }
    }
    // Last: a tree is whole when all below it is.
    this.#seen.add(tree);
  }
}
