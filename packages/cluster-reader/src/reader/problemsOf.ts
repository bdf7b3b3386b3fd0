import { ApiError } from '../api/ApiError';
import { CredentialsProblem } from '../api/connectTo';
import type { ReadFailure } from './KindReader';
import type { ReadKind } from './wantedKinds';

/** A kind that could not be read; without one, the cluster as a whole. */
export interface Failure extends ReadFailure {
  kind?: ReadKind;
}

/** Codes with which Node's TLS says that it does not believe the server's certificate. */
const NOT_TRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_UNTRUSTED)$/;

/** One sentence for each reason why a cluster is not, or not wholly, read: what is wrong, and what to do. Sorted. */
export function problemsOf(
  cluster: string,
  failures: readonly Failure[],
): string[] {
  const rights = failures.filter(isForbidden);
  const others = failures.filter(failure => !isForbidden(failure));
  const said = new Set(others.map(failure => sentence(cluster, failure)));
  if (rights.length > 0) said.add(missingRights(cluster, rights));
  return [...said].sort();
}

/** Does waiting not help? The account, its rights or the certificate have to be mended. */
export function isRefusal({ error }: ReadFailure): boolean {
  if (error instanceof CredentialsProblem) return true;
  if (!(error instanceof ApiError)) return false;
  const { status, code = '' } = error;
  return status === 401 || status === 403 || isTls(code);
}

function isForbidden({ error, kind }: Failure): boolean {
  return (
    error instanceof ApiError && error.status === 403 && kind !== undefined
  );
}

function isTls(code: string): boolean {
  return (
    NOT_TRUSTED.test(code) ||
    /^(CERT_|ERR_(TLS|SSL)_|HOSTNAME_MISMATCH)/.test(code)
  );
}

/** `list and watch networkpolicies (apiGroup networking.k8s.io)` */
function missingRights(cluster: string, failures: readonly Failure[]): string {
  const rights = failures
    .map(({ verb, kind }) => {
      const { group, plural, namespace, name } = kind!;
      const where = name ? ` ${name} of the namespace ${namespace}` : '';
      return `${verb} ${plural}${where} (apiGroup ${
        group === '' ? '"" (core)' : group
      })`;
    })
    .sort();
  // Names cannot stand for others: of each revision of the mesh there is a line to add.
  const named = failures
    .flatMap(({ kind }) => {
      const { namespace, name } = kind!;
      return name
        ? [
            ` ConfigMaps are allowed one by one: in the namespace ${namespace}, resourceNames of the Role callgate-reader has to have ${name}.`,
          ]
        : [];
    })
    .sort();
  return `The cluster ${cluster} does not let Callgate ${rights.join(
    ', ',
  )}. Give its account the verbs get, list and watch there, as deploy/rbac.yaml does.${[
    ...new Set(named),
  ].join('')}`;
}

function sentence(cluster: string, { error, verb, kind }: Failure): string {
  const subject = `The cluster ${cluster} cannot be read`;
  if (error instanceof CredentialsProblem)
    return `${subject}: ${error.message}.`;
  if (!(error instanceof ApiError))
    return `${subject}: ${(error as Error).message}.`;
  const { status, code, message } = error;
  if (status === 401)
    return `${subject}: it does not know the token or certificate (401). Make a new token for the service account, or mend the kubeconfig.`;
  if (status === 403)
    return `${subject}: its account may not ask which kinds there are (403). Bind it to the ClusterRole system:discovery, which every account has unless somebody took it away.`;
  if (code !== undefined && NOT_TRUSTED.test(code))
    return `${subject}: its certificate follows from none that is trusted (${code}). Give the cluster's certificate authority as caData or caFile.`;
  if (code === 'CERT_HAS_EXPIRED')
    return `${subject}: its certificate has expired. Renew it on the API server.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${subject}: its certificate is for other names than the address in the configuration. Use an address that it names.`;
  if (code !== undefined && isTls(code))
    return `${subject}: TLS fails (${code}).`;
  if (status === undefined && code !== undefined)
    return `${subject}: its API server cannot be reached (${code}). What was read before stays as it was.`;
  const what = kind ? ` when it is asked to ${verb} ${kind.plural}` : '';
  const says = status === undefined ? message : `${status} ${message}`.trim();
  return `${subject} as a whole: its API server answers${what}: ${says}.`;
}
