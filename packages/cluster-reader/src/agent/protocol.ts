import { createHash } from 'node:crypto';
import { BOUNDS } from '../reader/leaveOut';

/**
 * One message of an agent to the portal (`POST /estates/{cluster}`): that it is there, and what its cluster has.
 *
 * Without `files` it says only that nothing is different. With them it names every file that the cluster has. The portal
 * answers which texts it lacks; those come with the next messages, as many as fit into one, and with the last of them all
 * is taken at once.
 *
 * @public
 */
export interface EstatePush {
  /** UUID of this run of the agent: one at a time sends for a cluster. */
  session: string;
  /** `FORM` of what is sent. */
  form: number;
  /** The version that this follows, as the portal named it; absent where the agent knows none. */
  base?: string;
  /** How long ago what the portal has was last what the cluster has, in milliseconds; absent where it is not. */
  ageMs?: number;
  /** Why that is not all of it, or not the newest. */
  problems: string[];
  /** Every file of the cluster, sorted by path; `digest` is the SHA-256 of its text. */
  files?: { path: string; digest: string }[];
  /** Of `files`: how many there are, and `digestOfFiles`, so that no part of a list is taken for all of it. */
  total?: { files: number; digest: string };
  /** Texts that the portal lacks, of files that are named above. */
  texts?: { digest: string; text: string }[];
  /** The agent ends, and another may follow at once. */
  ends?: boolean;
}

/**
 * What became of a message. `missing`: send these texts with the same files. `other-base`: what the portal has is of another
 * version, or none; begin with that one.
 *
 * @public
 */
export interface EstateAnswer {
  state: 'taken' | 'missing' | 'other-base';
  /** Of what the portal has. */
  version?: string;
  /** Digests of texts that it lacks. */
  missing: string[];
  /** Files that the portal leaves out, each with why as the rest of a sentence; absent where it takes all. */
  refused?: { path: string; why: string }[];
}

/**
 * Code of the error that says so where agent and portal are of other versions: neither can do anything about it, and
 * either may be changed meanwhile.
 *
 * @public
 */
export const OTHER_FORM = 'estate-other-form';

/**
 * How large what an agent sends may be, in bytes where nothing else is said. Texts count as they are, and not as JSON writes
 * them into another, which takes up to twice as much.
 *
 * @public
 */
export const LIMITS = {
  /** One message, unpacked. */
  body: 40 * 1024 * 1024,
  /** Texts of one message, as agents fill it; one that is larger goes alone. */
  batch: 8 * 1024 * 1024,
  /** One file. */
  file: BOUNDS.file,
  /** All files of a cluster together. */
  total: BOUNDS.total,
  /** Number of files. */
  files: 20_000,
  /** Number of problems, and characters of each. */
  problems: 50,
  problem: 2_000,
} as const;

/**
 * SHA-256 of a text in UTF-8, in hex.
 *
 * @public
 */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * SHA-256 over the names and digests of all files, in their order.
 *
 * @public
 */
export function digestOfFiles(
  files: readonly { path: string; digest: string }[],
): string {
  const whole = createHash('sha256');
  for (const { path, digest } of files)
    whole.update(`${JSON.stringify([path, digest])}\n`);
  return whole.digest('hex');
}
