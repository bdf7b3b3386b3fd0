/**
 * A commit, as people read it.
 *
 * @public
 */
export interface GitCommit {
  id: string;
  parents: string[];
  message: string;
  author: string;
  /** ISO 8601. */
  at: string;
}

/**
 * What a commit changes: the new text of a file, or `undefined` to remove it.
 *
 * @public
 */
export type GitChanges = ReadonlyMap<string, string | undefined>;

/**
 * A file that differs between two commits.
 *
 * @public
 */
export interface GitFileChange {
  path: string;
  before?: string;
  after?: string;
}

/**
 * How a three-way merge went; `files` is what to change in `ours` to get the result.
 *
 * @public
 */
export interface GitMerge {
  files: GitChanges;
  conflicts: string[];
}

/**
 * Git objects of the policy repository, without a checkout and without a `git` binary.
 *
 * @remarks
 * All paths are relative to the root with `/`; text is UTF-8. Files that are not UTF-8 text are left out of readings
 * and keep their bytes in commits.
 *
 * @public
 */
export interface GitStore {
  /** The commit of a branch, or `undefined`. */
  head(branch: string): Promise<string | undefined>;
  /** Texts of all files of a commit below one of the folders (all folders when none is given), sorted by path. */
  readFiles(commit: string, folders?: string[]): Promise<Map<string, string>>;
  /** Text of one file, or `undefined`. */
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** Paths of all files of a commit, those that are no text included, sorted. */
  paths(commit: string): Promise<string[]>;
  /** Symbolic links of a commit, each with the path that it leads to, as it is written. Readings have that path as their text. */
  links(commit: string): Promise<Map<string, string>>;
  /** Id of the content of one file, whether it is text or not, or `undefined` where there is none. */
  blobId(commit: string, path: string): Promise<string | undefined>;
  readCommit(commit: string): Promise<GitCommit>;
  /** Commits of `head` that `base` does not have, newest first, at most 100. */
  log(head: string, base?: string): Promise<GitCommit[]>;
  /** Files that differ between two commits, sorted by path. */
  changes(before: string, after: string): Promise<GitFileChange[]>;
  /**
   * Writes a commit; no ref moves.
   *
   * @returns its id; the id of the only parent when nothing changes
   * @throws InputError for a path that could leave the repository
   */
  commit(options: {
    parents: string[];
    /** The commit whose tree is the start; the first parent by default. */
    from?: string;
    changes: GitChanges;
    message: string;
    /** Seconds since 1970, UTC; the same commit twice is the same object. */
    timestamp: number;
  }): Promise<string>;
  /** Merges `theirs` into `ours`, three-way per file, without writing. */
  merge(ours: string, theirs: string): Promise<GitMerge>;
  /**
   * Moves a branch if it is where the caller saw it; `undefined` is "no such branch". Atomic between processes.
   *
   * @throws ConflictError with code `branch-moved`
   */
  moveBranch(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void>;
}
