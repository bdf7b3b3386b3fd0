import { type Finding, finding } from '@callgate/policy';
import type { EstateStanding } from '../estate/EstateReader';
import type { SnapshotSource } from './types';

/** Why nothing is known of what runs, in any cluster. */
export type NoEstate = Extract<
  EstateStanding['state'],
  'none-configured' | 'first-read' | 'never-read'
>;

const WHY: Record<NoEstate, { message: string; fix: string }> = {
  'none-configured': {
    message:
      'No cluster is configured, so nobody knows what runs and what a grant would do. The platform team names each cluster in callgate.estate.manifests.',
    fix: 'Ask again once that is done.',
  },
  'first-read': {
    message: 'What runs in the clusters is being read for the first time.',
    fix: 'Wait a moment, then look again.',
  },
  'never-read': {
    message:
      'What runs in the clusters could not be read yet. It is tried again every minute.',
    fix: 'If it stays so, tell the platform team: the log of the backend has the reason.',
  },
};

/** Why nothing is known of what runs, in any cluster; `undefined` where something is known. */
export function noEstateOf({
  estate,
}: Pick<SnapshotSource, 'estate'>): NoEstate | undefined {
  return estate === undefined ||
    estate.state === 'stale' ||
    estate.state === 'partly'
    ? undefined
    : estate.state;
}

/** The one thing to say of a draft while nothing is known of what runs: whatever else is found follows from that. */
export function unknownEstate(why: NoEstate, api: string): Finding {
  const { message, fix } = WHY[why];
  return finding('estate-unknown', message, { fix, objects: [api] });
}
