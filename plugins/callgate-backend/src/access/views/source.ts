import type { Source } from '@callgate/plugin-callgate-common';
import type { SnapshotSource } from '../../proposals/types';
import type { Discretion } from './Discretion';

/** Where a page's facts come from. */
export function toSource(
  source: SnapshotSource,
  discretion: Discretion,
): Source {
  const { commit, branch, committedAt, readAt, estateReadAt, stale, problem } =
    source;
  return {
    ...{ commit, branch, committedAt, readAt, estateReadAt, stale },
    // It names files and clusters of whatever could not be read.
    problem:
      problem === undefined || discretion.everythingSeen
        ? problem
        : 'Not everything could be read.',
  };
}
