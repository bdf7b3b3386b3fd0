import type { Source } from '@callgate/plugin-callgate-common';
import type { SnapshotSource } from '../../proposals/types';

/** Where a page's facts come from. */
export function toSource({
  commit,
  branch,
  committedAt,
  readAt,
  estateReadAt,
  stale,
  problem,
}: SnapshotSource): Source {
  return { commit, branch, committedAt, readAt, estateReadAt, stale, problem };
}
