import type { Cluster } from '@callgate/policy';

/** Values of the profiles that were assumed; with the cluster before them where there are several. */
export function guessesOf(clusters: readonly Cluster[]): string[] {
  return clusters.flatMap(({ name, profile }) =>
    profile.guesses
      .map(guess => (clusters.length > 1 ? `${name}:${guess}` : guess))
      .sort(),
  );
}
