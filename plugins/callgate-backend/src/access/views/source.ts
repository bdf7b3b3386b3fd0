import type { EstateState, Source } from '@callgate/plugin-callgate-common';
import type { Snapshot } from '../../proposals/types';
import type { Discretion } from './Discretion';

/** Where a page's facts come from. */
export function toSource(
  snapshot: Pick<Snapshot, 'source' | 'unread'>,
  discretion: Discretion,
): Source {
  const { commit, branch, committedAt, readAt, estateReadAt, stale, problem } =
    snapshot.source;
  const { observed } = snapshot.source;
  const estate = toEstateState(snapshot);
  return {
    ...{ commit, branch, committedAt, readAt, estateReadAt, stale },
    ...(observed && { observed: [...observed] }),
    // It names files and clusters of whatever could not be read.
    problem:
      problem === undefined || discretion.everythingSeen
        ? problem
        : 'Not everything could be read.',
    ...(estate && { estate }),
  };
}

/** What is not known of what runs; `undefined` where all clusters were read. */
export function toEstateState({
  source,
  unread,
}: Pick<Snapshot, 'source' | 'unread'>): EstateState | undefined {
  const { estate, estateReadAt: readAt } = source;
  const state = estate?.state ?? (unread.length > 0 ? 'partly' : undefined);
  if (state === undefined) return undefined;
  return {
    state,
    ...(estate?.state === 'first-read' && { since: estate.since }),
    ...(readAt !== undefined && state !== 'none-configured' && { readAt }),
    clusters: unread.map(({ cluster, shownOf }) => ({
      name: cluster,
      ...(shownOf !== undefined && { shownOf }),
    })),
  };
}
