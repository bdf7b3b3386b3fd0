import { PlatformProfile } from '../../profile/types';
import { AddressSet } from '../../net/AddressSet';
import { isOfToken } from './requestAuthentications';
import { addressIn, nameOf } from '../party';
import { NO, Tri, YES, allOf, anyOf, maybe, not, triOf } from '../tri';
import { ConditionKind } from '../types';
import { Caller, Identity } from './caller';
import { Field } from './authorizationPolicySpec';
import { matchesText } from './textMatch';

/** A field of which istiod's versions differ for ztunnel: some ignore it, some drop the rule. */
export const UNCERTAIN_TRUST_DOMAINS = 'ztunnel.trustDomains';

/** The policy and platform that a source is matched for. */
export interface MatchContext {
  /** `AuthorizationPolicy namespace/name`. */
  object: string;
  /** Namespace of the policy. */
  namespace: string;
  profile: PlatformProfile;
  /** As ztunnel compares: no trust domain stands for another (docs/semantics.md, I4). */
  isVerbatim: boolean;
  /** No request has what a validated token would say. */
  isWithoutTokens: boolean;
}

const CLUSTER_LOCAL = 'cluster.local';

/**
 * Principals with their trust domain expanded as istiod does for sidecars
 * (istio `pilot/pkg/security/trustdomain/bundle.go`; docs/semantics.md, I4):
 * `cluster.local`, the mesh's own domain and its aliases all stand for the own
 * domain and its aliases; a domain with a leading star is kept.
 */
export function expandPrincipal(
  value: string,
  profile: PlatformProfile,
): string[] {
  const parts = value.split('/');
  if (parts.length !== 5 || parts[0] === '*') return [value];
  const domains = [
    profile.mesh.trustDomain,
    ...profile.mesh.trustDomainAliases,
  ];
  const isOwn =
    parts[0] === CLUSTER_LOCAL ||
    domains.some(domain => matchesText(parts[0], domain));
  if (!isOwn) return [value];
  const rest = parts.slice(1).join('/');
  return domains.map(domain =>
    parts[0].startsWith('*') && domain.endsWith(parts[0].slice(1))
      ? value
      : `${domain}/${rest}`,
  );
}

function principalOf(identity: Identity): string {
  return `${identity.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`;
}

/** True when the answer would be another if the trust domain were another one than the guessed. */
function restsOnTrustDomain(
  value: string,
  { profile, isVerbatim }: MatchContext,
): boolean {
  if (!profile.guesses.includes('mesh.trustDomain')) return false;
  const domain = value.split('/')[0];
  return (
    value.split('/').length === 5 &&
    !domain.startsWith('*') &&
    (isVerbatim || domain !== CLUSTER_LOCAL)
  );
}

function principalMatches(
  value: string,
  identity: Identity,
  context: MatchContext,
): Tri {
  const principal = principalOf(identity);
  const { profile } = context;
  const values = context.isVerbatim ? [value] : expandPrincipal(value, profile);
  const found = values.some(each => matchesText(each, principal));
  if (!restsOnTrustDomain(value, context)) return triOf(found);
  // A literal domain matches if the mesh turns out to have it.
  const rest = value.slice(value.indexOf('/'));
  const mine = principal.slice(principal.indexOf('/'));
  if (!matchesText(rest, mine)) return triOf(found);
  return maybe({
    kind: 'profile-guess',
    text: `The trust domain of the mesh is not stated: ${context.object} names ${value}, the mesh is assumed to be ${profile.mesh.trustDomain}.`,
    object: context.object,
  });
}

/** Istio compiles a namespace to `.*\/ns\/<value>\/.*`, its stars to `.*`. */
function namespaceMatches(value: string, identity: Identity): boolean {
  const source = value
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^.*/ns/${source}/.*$`).test(
    `spiffe://${principalOf(identity)}`,
  );
}

function serviceAccountMatches(
  value: string,
  identity: Identity,
  policyNamespace: string,
): boolean {
  const [first, second] = value.split('/');
  const namespace = second === undefined ? policyNamespace : first;
  return (
    identity.namespace === namespace &&
    identity.serviceAccount === (second ?? first)
  );
}

/** A test on the peer's certificate; without one it fails, and its negation holds (docs/semantics.md, I1). */
function onIdentity(
  caller: Caller,
  context: MatchContext,
  value: string,
  test: (identity: Identity) => Tri,
): Tri {
  if (caller.identity === undefined) return NO;
  if (caller.identity === 'unknown') {
    if (value === '*') return YES;
    return maybe({
      kind: 'identity-unknown',
      text: `Nobody knows which identity ${nameOf(
        caller.party,
      )} would present to ${context.object}.`,
      object: context.object,
    });
  }
  return test(caller.identity);
}

function unknown(kind: ConditionKind, text: string, object: string): Tri {
  return maybe({ kind, text, object });
}

function valueMatches(
  name: string,
  value: string,
  caller: Caller,
  context: MatchContext,
): Tri {
  const { object } = context;
  if (context.isWithoutTokens && isOfToken(name)) return NO;
  switch (name) {
    case 'principals':
    case 'source.principal':
      return onIdentity(caller, context, value, identity =>
        principalMatches(value, identity, context),
      );
    case 'namespaces':
    case 'source.namespace':
      return onIdentity(caller, context, value, identity =>
        triOf(
          context.isVerbatim
            ? matchesText(value, identity.namespace)
            : namespaceMatches(value, identity),
        ),
      );
    case 'serviceAccounts':
    case 'source.serviceAccount':
      return onIdentity(caller, context, value, identity =>
        triOf(serviceAccountMatches(value, identity, context.namespace)),
      );
    case 'trustDomains':
    case 'source.trustDomain':
      return onIdentity(caller, context, value, identity =>
        principalMatches(
          `${value}/ns/${identity.namespace}/sa/${identity.serviceAccount}`,
          identity,
          context,
        ),
      );
    case UNCERTAIN_TRUST_DOMAINS:
      return unknown(
        'profile-guess',
        `${object} names a trust domain (${value}): some versions of istiod ignore that for ztunnel, others leave the rule out.`,
        object,
      );
    case 'remoteIpBlocks':
    case 'remote.ip':
      return unknown(
        'remote-address',
        `${object} asks for the original client's address (${value}).`,
        object,
      );
    case 'requestPrincipals':
    case 'request.auth.principal':
      return unknown(
        'request-principal',
        `${object} asks for a token of ${value}.`,
        object,
      );
    default:
      return unknown(
        'request-attribute',
        `${object} asks for ${name} ${value}.`,
        object,
      );
  }
}

const HTTP_ONLY = /^(requestPrincipals|request\..*)$/;

/** Fields that only a proxy that reads HTTP can know (docs/semantics.md, H1). */
export function isHttpOnly(name: string): boolean {
  return HTTP_ONLY.test(name) || ['hosts', 'methods', 'paths'].includes(name);
}

/** One field with its negative twin: both must hold. */
export function fieldMatches(
  field: Field,
  caller: Caller,
  context: MatchContext,
): Tri {
  const isAddress = field.name === 'ipBlocks' || field.name === 'source.ip';
  if (isAddress && caller.hidesAddress) {
    return unknown(
      'remote-address',
      `${context.object} asks for an address (${
        field.name
      }), and a waypoint does not see that of ${nameOf(caller.party)}.`,
      context.object,
    );
  }
  // An address that is surely in one of two blocks is surely in their union.
  const match = (values: readonly string[]) =>
    isAddress
      ? addressIn(AddressSet.ofCidrs(values), caller.party, context.object)
      : anyOf(
          values.map(value => valueMatches(field.name, value, caller, context)),
        );
  return allOf([
    ...(field.values ? [match(field.values)] : []),
    ...(field.notValues ? [not(match(field.notValues))] : []),
  ]);
}

/**
 * Does any `source` of a rule match? `ignoresHttp`: HTTP-only fields are left
 * out, as they are where a DENY meets a TCP port.
 */
export function sourcesMatch(
  from: readonly (readonly Field[])[] | undefined,
  caller: Caller,
  context: MatchContext,
  ignoresHttp: boolean,
): Tri {
  if (!from) return YES;
  return anyOf(
    from.map(fields =>
      allOf(
        fields
          .filter(field => !(ignoresHttp && isHttpOnly(field.name)))
          .map(field => fieldMatches(field, caller, context)),
      ),
    ),
  );
}
