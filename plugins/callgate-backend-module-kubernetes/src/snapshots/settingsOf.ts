import type { ClusterConfig, Credentials } from '../config/ClusterConfig';
import { digestOf } from './packing';

/** Another one when what is kept of objects, or how files are named, is another: older snapshots are then none. */
const FORM = 1;

/**
 * Digest of what decides which objects a cluster's files have: where it is and what is left out. Not of tokens and
 * certificates, which are renewed.
 */
export function settingsOf({ credentials, exclude }: ClusterConfig): string {
  return digestOf(
    JSON.stringify([FORM, addressOf(credentials), [...exclude].sort()]),
  );
}

function addressOf(credentials: Credentials): Record<string, string> {
  const { type } = credentials;
  switch (type) {
    case 'token':
      return { type, url: credentials.url };
    case 'kubeconfig': {
      const { file, context } = credentials;
      return { type, file, ...(context !== undefined && { context }) };
    }
    default:
      return { type };
  }
}
