import type { ApiAccessAnswer } from './answerTypes';

/**
 * Whether everyone can call all of an API wherever it runs, so that nothing of it is closed today. What is not known is not
 * said to be open, and an API that runs in no cluster is neither.
 *
 * @public
 */
export function nothingIsClosed({
  clusters,
}: Pick<ApiAccessAnswer, 'clusters'>): boolean {
  return (
    clusters.length > 0 &&
    clusters.every(
      ({ state, providers }) =>
        state === 'open' && providers.every(({ doors }) => doors.entirely),
    )
  );
}
