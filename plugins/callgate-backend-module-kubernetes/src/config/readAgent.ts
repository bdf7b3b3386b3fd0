import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * As tokens of `backend.auth.externalAccess` are to be called, so that none has the name of a plugin; without white space or
 * marks that hide. Backstage takes the subject of a static token as it is written, and puts `external:` before that of a JWKS.
 */
const SUBJECT = /^external:[\p{L}\p{N}\p{P}\p{S}]{1,200}$/u;

/** What is said of how a cluster is reached and read, which its agent is told instead. */
const NOT_BESIDE = [
  'kubeconfig',
  'context',
  'url',
  'serviceAccountToken',
  'caData',
  'caFile',
  'skipTLSVerify',
  'inCluster',
  'exclude',
  'resync',
];

/**
 * The subject of a cluster's `agent`.
 *
 * @param key - of the cluster's entry
 * @throws InputError that names the key
 */
export function readAgent(entry: Config, key: string): string {
  const odd = NOT_BESIDE.find(name => entry.has(name));
  if (odd !== undefined)
    throw new InputError(
      `${key}: give agent or ${odd}, not both; what its agent leaves out is told to it by --exclude`,
    );
  const subject = entry.getConfig('agent').getString('subject');
  if (!SUBJECT.test(subject))
    throw new InputError(
      `${key}.agent.subject must be the subject of a token in backend.auth.externalAccess, and begin with external: there as well, such as external:prod-eu-agent`,
    );
  return subject;
}
