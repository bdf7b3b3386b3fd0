import type { EstateState, Headline } from '@callgate/plugin-callgate-common';

const UNKNOWN = {
  'none-configured':
    'Not known: no cluster is configured, so nobody knows what runs',
  'first-read':
    'Not known yet: what runs in the clusters is being read for the first time',
  'never-read': 'Not known: what runs in the clusters could not be read yet',
} as const;

/**
 * The answer about an API where what runs is not known, or not of now: nothing that was worked out is said to be so.
 *
 * @param clusters - those that the API is in, as they were read last
 */
export function estateHeadline(
  known: Headline,
  estate: EstateState | undefined,
  clusters: readonly string[],
): Headline {
  if (!estate) return known;
  switch (estate.state) {
    case 'none-configured':
    case 'first-read':
    case 'never-read':
      return {
        state: 'unknown',
        callers: 0,
        ungranted: 0,
        moreThanGranted: 0,
        perhaps: 0,
        firstGrantCloses: false,
        text: UNKNOWN[estate.state],
      };
    default: {
      const unread = new Set(estate.clusters.map(({ name }) => name));
      const isOld =
        estate.state === 'stale' ||
        (clusters.length > 0 && clusters.every(name => unread.has(name)));
      return isOld
        ? {
            ...known,
            state: 'unknown',
            text: `Not known now. When the clusters were read last: ${known.text}`,
          }
        : known;
    }
  }
}
