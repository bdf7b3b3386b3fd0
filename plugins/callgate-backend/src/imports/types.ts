import type { Meaning, OnboardedApi, RenderedFile } from '@callgate/policy';
import type { ParsedPolicy } from '../proposals/readPolicies';
import type { ProposalCheck } from '../proposals/types';

/** Why an API cannot be imported that the core does not know of. */
export type NotNow =
  /** The policy repository has its declaration, or one that cannot be read. `file`: path of it. */
  | { reason: 'declared'; file: string }
  /** A cluster in which it runs, or may, cannot be read now. */
  | { reason: 'unread'; clusters: readonly string[] }
  /** A file that says something else is where its declaration, or what is generated for it, belongs. */
  | { reason: 'path-taken'; file: string }
  /** It could not be worked out; the log has why. */
  | { reason: 'failed' };

/** What would be written for one API. */
export interface WrittenImport {
  edited: ParsedPolicy;
  /** Files to write, by path; an import removes none. */
  changes: ReadonlyMap<string, string | undefined>;
  /** Every generated file of the repository with them. */
  files: readonly RenderedFile[];
  meaning: Meaning;
  checks: readonly ProposalCheck[];
  /** Of everything that is shown: whoever has it opened says by it what they read. */
  digest: string;
  /** Of what it means alone: equal where lines of manifests have moved, and nothing else. */
  terms: string;
}

/** What an import would make of one API, by one state of repository, estate and catalog. */
export interface ApiImport {
  api: string;
  outcome: OnboardedApi;
  notNow?: NotNow;
  /** Set where it can be imported: nobody can call more or less with it, and that is proved. */
  written?: WrittenImport;
}

/** What the record of a pull request keeps of the import that it is of. */
export interface ImportRecord {
  /** Ref of who had it opened. */
  by: string;
  /** As in {@link WrittenImport}. */
  terms: string;
  /** Refs of everybody whom its texts name: who may not see one of them reads none of it. */
  named: readonly string[];
  /**
   * Number of the newest pull request of its branch before its own was opened, 0 where there was none: a newer one is its own, also where the
   * answer to its opening was lost. Absent until then.
   */
  opensAfter?: number;
}
