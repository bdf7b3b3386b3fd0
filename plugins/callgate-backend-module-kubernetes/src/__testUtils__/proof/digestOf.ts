import { createHash } from 'node:crypto';
import type { EstateReading } from '@callgate/plugin-callgate-node';

/** Everything that a reading has, in a few letters: the same for the same files, byte for byte. */
export function digestOf({ clusters, problems }: EstateReading): string {
  const hash = createHash('sha256');
  for (const { name, files } of clusters)
    for (const { path, text } of files)
      hash.update(`${name}\0${path}\0${text}`);
  return `${hash.digest('hex').slice(0, 16)} ${problems.join(' ')}`.trim();
}
