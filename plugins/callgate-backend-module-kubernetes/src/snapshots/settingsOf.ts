import { type Credentials, digestOf, FORM } from '@callgate/cluster-reader';
import type { ClusterConfig } from '../config/ClusterConfig';

/**
 * Digest of what decides which objects a cluster's files have: where it is and what is left out. Not of tokens and
 * certificates, which are renewed.
 */
export function settingsOf({ credentials, exclude }: ClusterConfig): string {
  return digestOf(
    JSON.stringify([FORM, addressOf(credentials), [...exclude].sort()]),
  );
}

/** The same for a cluster of which an agent says what it has: a renewed token, and another subject for it, change nothing. */
export function settingsOfAgent(): string {
  return digestOf(JSON.stringify([FORM, { type: 'agent' }, []]));
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
