import { ConflictError } from '@backstage/errors';
import type { ProposalRecord } from './types';

/** What changed since a head was shown. */
export interface HeadDifference {
  /**
   * `rebuilt`: Callgate built it again. `pushed`: somebody else pushed onto the branch. `unknown`: it never had the head
   * that was sent.
   */
  cause: 'rebuilt' | 'pushed' | 'unknown';
  shown: string;
  /** The head now. */
  head: string;
  /** Ids of requests that came in since. */
  came: readonly string[];
  /** Ids of requests that are no longer in it. */
  went: readonly string[];
}

/** A review or a merge of a head that is not the present one. Its text names nobody: who reads it decides what it may. */
export class HeadChangedError extends ConflictError {
  readonly code = 'head-changed';

  constructor(readonly difference: HeadDifference) {
    super('The pull request has changed since it was shown.');
  }
}

/**
 * How what was shown differs from what there is; `undefined` where it is the same.
 *
 * @param found - the head that the forge has
 */
export function headDifference(
  record: ProposalRecord,
  shown: string,
  found: string,
): HeadDifference | undefined {
  const { head, requestIds, earlier = [] } = record;
  if (shown === head && shown === found) return undefined;
  if (shown === head) {
    return { cause: 'pushed', shown, head: found, came: [], went: [] };
  }
  const before = earlier.find(each => each.head === shown)?.requestIds;
  return {
    cause: before ? 'rebuilt' : 'unknown',
    shown,
    head: head ?? found,
    came: before ? requestIds.filter(id => !before.includes(id)) : [],
    went: before ? before.filter(id => !requestIds.includes(id)) : [],
  };
}
