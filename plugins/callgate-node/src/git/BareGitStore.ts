import fs from 'node:fs';
import git, { type PromiseFsClient } from 'isomorphic-git';
import {
  changeTree,
  flattenTree,
  LINK_MODE,
  type TreeEntries,
} from './gitTrees';
import type {
  GitChanges,
  GitCommit,
  GitFileChange,
  GitMerge,
  GitStore,
} from './GitStore';
import { mergeTexts } from './mergeTexts';
import { moveRef } from './moveRef';
import { readingObject } from './readingObject';
import { checkRepositoryPath } from './repositoryPath';
import { wholeFiles } from './wholeFiles';

const AUTHOR = { name: 'Callgate', email: 'callgate@localhost' };
const LOG_LIMIT = 100;

/**
 * Git objects in a bare repository on disk, read and written with isomorphic-git. What `git` itself finds there is a
 * repository like any other: `git fsck`, `git log` and `git clone` work on it.
 *
 * @public
 */
export class BareGitStore implements GitStore {
  static async open(directory: string): Promise<BareGitStore> {
    await fs.promises.mkdir(directory, { recursive: true });
    await git.init({
      fs: wholeFiles,
      gitdir: directory,
      bare: true,
      defaultBranch: 'main',
    });
    return new BareGitStore(directory);
  }

  /**
   * What else writes into the directory has to write with it: files appear as a whole. An index that is read while it is written would
   * be kept as it was, and what is in its pack would be missing.
   */
  readonly fs: PromiseFsClient = wholeFiles;

  /** Objects are immutable, so what was parsed once is kept; a new map now and then bounds it. */
  #cache: object = {};
  #reads = 0;

  private constructor(readonly directory: string) {}

  async head(branch: string): Promise<string | undefined> {
    try {
      return await git.resolveRef({
        ...this.#at(),
        ref: `refs/heads/${branch}`,
      });
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) {
        return undefined;
      }
      throw error;
    }
  }

  async readFiles(
    commit: string,
    folders?: string[],
  ): Promise<Map<string, string>> {
    const entries = await this.#entries(commit, folders);
    const texts = new Map<string, string>();
    for (const path of [...entries.keys()].sort()) {
      const text = await this.#text(entries.get(path)!.oid);
      if (text !== undefined) {
        texts.set(path, text);
      }
    }
    return texts;
  }

  async readFile(commit: string, path: string): Promise<string | undefined> {
    const entry = (await this.#entries(commit, [path])).get(path);
    return entry && this.#text(entry.oid);
  }

  async paths(commit: string): Promise<string[]> {
    return [...(await this.#entries(commit)).keys()].sort();
  }

  async links(commit: string): Promise<Map<string, string>> {
    const links = new Map<string, string>();
    for (const [path, { oid, mode }] of await this.#entries(commit)) {
      if (mode === LINK_MODE) links.set(path, (await this.#text(oid)) ?? '');
    }
    return links;
  }

  async blobId(commit: string, path: string): Promise<string | undefined> {
    return (await this.#entries(commit, [path])).get(path)?.oid;
  }

  async readCommit(commit: string): Promise<GitCommit> {
    const { commit: read } = await readingObject(commit, () =>
      git.readCommit({ ...this.#at(), oid: commit }),
    );
    return {
      id: commit,
      parents: read.parent,
      message: read.message,
      author: read.author.name,
      at: new Date(read.committer.timestamp * 1000).toISOString(),
    };
  }

  log(head: string, base?: string): Promise<GitCommit[]> {
    return readingObject(head, () => this.#log(head, base));
  }

  async #log(head: string, base?: string): Promise<GitCommit[]> {
    const known = new Set<string>();
    if (base) {
      for (const entry of await git.log({ ...this.#at(), ref: base })) {
        known.add(entry.oid);
      }
    }
    const commits: GitCommit[] = [];
    for (const entry of await git.log({
      ...this.#at(),
      ref: head,
      depth: LOG_LIMIT + known.size,
    })) {
      if (!known.has(entry.oid) && commits.length < LOG_LIMIT) {
        commits.push(await this.readCommit(entry.oid));
      }
    }
    return commits;
  }

  async changes(before: string, after: string): Promise<GitFileChange[]> {
    const [old, now] = await Promise.all([
      this.#entries(before),
      this.#entries(after),
    ]);
    const changed: GitFileChange[] = [];
    for (const path of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const was = old.get(path)?.oid;
      const is = now.get(path)?.oid;
      if (was !== is) {
        changed.push({
          path,
          before: was && (await this.#text(was)),
          after: is && (await this.#text(is)),
        });
      }
    }
    return changed;
  }

  async commit(options: {
    parents: string[];
    from?: string;
    changes: GitChanges;
    message: string;
    timestamp: number;
  }): Promise<string> {
    const { parents, from = parents[0], changes, message, timestamp } = options;
    for (const path of changes.keys()) {
      checkRepositoryPath(path);
    }
    const start = from && (await this.#tree(from));
    const tree = await changeTree(this.#at(), start, changes);
    if (parents.length === 1 && tree === (await this.#tree(parents[0]))) {
      return parents[0];
    }
    const who = { ...AUTHOR, timestamp, timezoneOffset: 0 };
    return git.writeCommit({
      ...this.#at(),
      commit: {
        tree,
        parent: parents,
        author: who,
        committer: who,
        message: message.endsWith('\n') ? message : `${message}\n`,
      },
    });
  }

  async merge(ours: string, theirs: string): Promise<GitMerge> {
    const [ancestor] = await readingObject(theirs, () =>
      git.findMergeBase({ ...this.#at(), oids: [ours, theirs] }),
    );
    const none: TreeEntries = new Map();
    const [base, left, right] = await Promise.all([
      ancestor ? this.#entries(ancestor as string) : none,
      this.#entries(ours),
      this.#entries(theirs),
    ]);
    const files = new Map<string, string | undefined>();
    const conflicts: string[] = [];
    for (const path of [
      ...new Set([...base.keys(), ...left.keys(), ...right.keys()]),
    ].sort()) {
      const was = base.get(path)?.oid;
      const mine = left.get(path)?.oid;
      const other = right.get(path)?.oid;
      if (other === was || other === mine) {
        continue;
      }
      const text = other && (await this.#text(other));
      if (mine === was && (other === undefined || text !== undefined)) {
        files.set(path, text);
        continue;
      }
      const merged =
        was && mine && text !== undefined
          ? mergeTexts(await this.#text(was), await this.#text(mine), text)
          : undefined;
      if (merged === undefined) {
        conflicts.push(path);
      } else {
        files.set(path, merged);
      }
    }
    return { files, conflicts };
  }

  async moveBranch(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void> {
    await moveRef({
      directory: this.directory,
      branch: checkRepositoryPath(branch),
      commit,
      expected,
      read: () => this.head(branch),
      remove: () =>
        git.deleteRef({ ...this.#at(), ref: `refs/heads/${branch}` }),
    });
  }

  #at() {
    if (++this.#reads % 20_000 === 0) {
      this.#cache = {};
    }
    return { fs: wholeFiles, gitdir: this.directory, cache: this.#cache };
  }

  async #tree(commit: string): Promise<string> {
    const { commit: read } = await readingObject(commit, () =>
      git.readCommit({ ...this.#at(), oid: commit }),
    );
    return read.tree;
  }

  async #entries(commit: string, folders?: string[]): Promise<TreeEntries> {
    const tree = await this.#tree(commit);
    return readingObject(tree, () => flattenTree(this.#at(), tree, folders));
  }

  async #text(oid: string): Promise<string | undefined> {
    const { blob } = await readingObject(oid, () =>
      git.readBlob({ ...this.#at(), oid }),
    );
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        blob,
      );
    } catch {
      return undefined;
    }
  }
}
