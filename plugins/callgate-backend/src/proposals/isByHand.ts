import { isGenerated, loadManifests } from '@callgate/policy';

/** Whether a file of the repository has an object that was not generated: nothing that people wrote is replaced or removed. */
export function isByHand(file: { path: string; text: string }): boolean {
  const { objects } = loadManifests([file]);
  return objects.some(({ object }) => !isGenerated(object));
}
