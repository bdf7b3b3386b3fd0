/** Text to compare with, as istiod sends it. */
type StringMatch = {
  exact?: string;
  prefix?: string;
  suffix?: string;
  presence?: object;
};

/** A block of addresses: bytes in base 64. */
interface AddressMatch {
  address: string;
  length?: number;
}

type Match = Partial<{
  namespaces: StringMatch[];
  notNamespaces: StringMatch[];
  serviceAccounts: { namespace: string; serviceAccount: string }[];
  notServiceAccounts: { namespace: string; serviceAccount: string }[];
  principals: StringMatch[];
  notPrincipals: StringMatch[];
  sourceIps: AddressMatch[];
  notSourceIps: AddressMatch[];
  destinationIps: AddressMatch[];
  notDestinationIps: AddressMatch[];
  destinationPorts: number[];
  notDestinationPorts: number[];
}>;

/** A policy for ztunnel, as istiod sends it (istio `pkg/workloadapi/security`); defaults are left out. */
export interface ZtunnelPolicy {
  name: string;
  namespace: string;
  action?: 'DENY';
  groups?: { rules?: { matches?: Match[] }[] }[];
}

/** A connection as ztunnel sees it arrive. */
export interface ZtunnelConnection {
  source: string;
  destinationPort: number;
  /** Who called, by its certificate; nobody in plaintext. */
  identity?: { trustDomain: string; namespace: string; serviceAccount: string };
}

const FIELDS = new Set([
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'principals',
  'notPrincipals',
  'sourceIps',
  'notSourceIps',
  'destinationPorts',
  'notDestinationPorts',
]);

function textMatches(match: StringMatch, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (match.exact !== undefined) return text === match.exact;
  if (match.prefix !== undefined) return text.startsWith(match.prefix);
  if (match.suffix !== undefined) return text.endsWith(match.suffix);
  return match.presence !== undefined;
}

function numberOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function addressMatches({ address, length = 0 }: AddressMatch, source: string) {
  const bytes = [...Buffer.from(address, 'base64')];
  if (bytes.length !== 4) return false;
  const size = 2 ** (32 - length);
  const own = numberOf(source.split('.').map(Number));
  return Math.floor(own / size) === Math.floor(numberOf(bytes) / size);
}

function matches(match: Match, connection: ZtunnelConnection): boolean {
  const unknown = Object.keys(match).find(name => !FIELDS.has(name));
  if (unknown) throw new Error(`ztunnel: the field ${unknown} is not known`);
  // An empty match matches nothing.
  if (Object.keys(match).length === 0) return false;
  const { identity, source, destinationPort } = connection;
  const principal = identity
    ? `${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`
    : undefined;
  const field = <T>(
    wanted: readonly T[] = [],
    unwanted: readonly T[] = [],
    fits: (value: T) => boolean,
  ) => (wanted.length === 0 || wanted.some(fits)) && !unwanted.some(fits);
  return (
    field(match.principals, match.notPrincipals, each =>
      textMatches(each, principal),
    ) &&
    field(match.namespaces, match.notNamespaces, each =>
      textMatches(each, identity?.namespace),
    ) &&
    field(
      match.serviceAccounts,
      match.notServiceAccounts,
      ({ namespace, serviceAccount }) =>
        identity?.namespace === namespace &&
        identity.serviceAccount === serviceAccount,
    ) &&
    field(match.sourceIps, match.notSourceIps, each =>
      addressMatches(each, source),
    ) &&
    field(
      match.destinationPorts,
      match.notDestinationPorts,
      each => each === destinationPort,
    )
  );
}

/** Any group, all of its rules, any match of each: an empty rule matches (ztunnel `src/rbac.rs`). */
function applies(
  { groups = [] }: ZtunnelPolicy,
  connection: ZtunnelConnection,
) {
  return groups.some(({ rules = [] }) =>
    rules.every(
      ({ matches: any = [] }) =>
        any.length === 0 || any.some(match => matches(match, connection)),
    ),
  );
}

/**
 * What ztunnel does with a connection: a DENY that applies refuses, and where
 * there is any ALLOW one has to apply. Derived from ztunnel's source and its own
 * test vectors, not asked of it: it cannot run here.
 */
export function ztunnelLets(
  policies: readonly ZtunnelPolicy[],
  connection: ZtunnelConnection,
): boolean {
  const denies = policies.filter(({ action }) => action === 'DENY');
  const allows = policies.filter(({ action }) => action !== 'DENY');
  if (denies.some(policy => applies(policy, connection))) return false;
  return (
    allows.length === 0 || allows.some(policy => applies(policy, connection))
  );
}
