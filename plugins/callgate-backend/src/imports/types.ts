import type {
  Finding,
  HandWritten,
  Meaning,
  OnboardedApi,
  RenderedFile,
} from '@callgate/policy';
import type { ParsedPolicy } from '../proposals/readPolicies';
import type { ProposalCheck } from '../proposals/types';
import type { KustomizationProblem } from './kustomizations';
import type { Inseparable } from './takeOut';

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

/** Why a policy that can go is not in the pull request that deletes the others. */
export type Leaving =
  /** No file of the policy repository has it. `live`: it was read from an API server. */
  | { reason: 'elsewhere'; live: boolean }
  /** It cannot be taken out of its file. */
  | { reason: 'inseparable'; why: Inseparable; file: string; line?: number }
  | { reason: 'kustomization'; problem: KustomizationProblem }
  /** Its file is a link, or links lead to it. */
  | { reason: 'linked'; file: string }
  /** The path has characters that nobody sees, so that nobody could review it. */
  | { reason: 'odd-path' }
  /** Another manifest of the same object says something else, and would count without this one. */
  | { reason: 'given-twice' }
  /** It can go together with others alone, and these are not in the pull request. */
  | { reason: 'not-without-others' };

/** A hand-written policy of an API that is in force. */
export interface LeftPolicy extends HandWritten {
  /** Whether the pull request deletes it. */
  goes: boolean;
  /** Why not, where it is told. */
  leaving?: Leaving;
}

/** The second step of an import: hand-written policies go, because what is generated says the same. */
export interface ApiRemoval {
  api: string;
  policies: readonly LeftPolicy[];
  /** Set where policies can be deleted by a pull request, and that is proved. */
  written?: WrittenRemoval;
  /**
   * Why none can although some can go: without them something else would be generated, there would be errors, or there are
   * objects of the cluster that were not read, which may be callers that they let in.
   */
  refused?:
    | { reason: 'not-read'; cluster: string; kinds: readonly string[] }
    | { reason: 'regenerated'; files: readonly string[] }
    | { reason: 'errors'; findings: readonly Finding[] };
}

/** What a pull request that deletes hand-written policies does. */
export interface WrittenRemoval {
  /** Files to write, by path, and with `undefined` those to remove. */
  changes: ReadonlyMap<string, string | undefined>;
  meaning: Meaning;
  checks: readonly ProposalCheck[];
  /** Of everything that is shown. */
  digest: string;
  /** Of what goes, where it stands, and what it says. */
  terms: string;
}

/** What the record of a pull request keeps of the import that it is of. */
export interface ImportRecord {
  /** Ref of who had it opened. */
  by: string;
  /** As in {@link WrittenImport}. */
  terms: string;
  /** It is the second step: it deletes policies that people wrote, and writes no declaration. */
  removes?: true;
  /** Refs of everybody whom its texts name: who may not see one of them reads none of it. */
  named: readonly string[];
  /**
   * Number of the newest pull request of its branch before its own was opened, 0 where there was none: a newer one is its own, also where the
   * answer to its opening was lost. Absent until then.
   */
  opensAfter?: number;
}
