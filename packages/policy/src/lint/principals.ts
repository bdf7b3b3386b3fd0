import { Workload } from '../estate/types';
import { matchesText } from '../evaluate/istio/textMatch';
import { Finding } from '../findings';
import { Check, LintContext, LintedAuthorization } from './LintContext';
import { notice } from './notice';
import { RuleValue, valuesOf } from './valuesOf';

/** A service account that a value stands for; fields that the value leaves open are absent. */
interface Account {
  domain?: string;
  namespace: string;
  name: string;
}

const PRINCIPAL = /^(.*)\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** Values that name exactly one service account. */
function accountOf(
  { value, name, isNegative }: RuleValue,
  policyNamespace: string,
): Account | undefined {
  if (isNegative) return undefined;
  if (name === 'principals' || name === 'source.principal') {
    const match = PRINCIPAL.exec(value);
    if (!match) return undefined;
    const [, domain, namespace, account] = match;
    return domain.includes('*')
      ? { namespace, name: account }
      : { domain, namespace, name: account };
  }
  if (name !== 'serviceAccounts') return undefined;
  const [namespace, account] = value.includes('/')
    ? value.split('/')
    : [policyNamespace, value];
  return { namespace, name: account };
}

function domainsOf({ cluster, clusters }: LintContext): string[] {
  const { trustDomain, trustDomainAliases } = cluster.profile.mesh;
  return [
    'cluster.local',
    trustDomain,
    ...trustDomainAliases,
    ...clusters.map(({ profile }) => profile.mesh.trustDomain),
  ];
}

function usersOf(
  workloads: readonly Workload[],
  account: Account,
): readonly string[] {
  return workloads
    .filter(each => each.serviceAccount === account.name)
    .map(({ id }) => id);
}

/** ztunnel compares principals as they are written, where sidecars take `cluster.local` for the mesh's own domain. */
function isVerbatimLocal(
  domain: string | undefined,
  { workloads }: LintedAuthorization,
  { cluster }: LintContext,
): boolean {
  const { trustDomain } = cluster.profile.mesh;
  return (
    domain === 'cluster.local' &&
    trustDomain !== 'cluster.local' &&
    workloads.some(({ mesh }) => mesh === 'ambient')
  );
}

function lookAt(
  value: RuleValue,
  policy: LintedAuthorization,
  context: LintContext,
): Finding[] {
  const { manifest, namespace, spec } = policy;
  const account = accountOf(value, namespace);
  if (!account) return [];
  const { path } = value;
  const { profile } = context.cluster;
  const { domain } = account;
  if (domain !== undefined && !domainsOf(context).includes(domain)) {
    return profile.guesses.includes('mesh.trustDomain')
      ? []
      : [
          notice('trust-domain-unknown', {
            manifest,
            path,
            text: `has the trust domain ${domain}; that of the mesh is ${profile.mesh.trustDomain}, so that it matches nobody.`,
          }),
        ];
  }
  const here =
    context.clusters.length === 1
      ? context.workloadsIn(account.namespace)
      : context.clusters
          .flatMap(({ workloads }) => workloads)
          .filter(each => each.namespace === account.namespace);
  if (isVerbatimLocal(domain, policy, context))
    return [
      notice('trust-domain-unknown', {
        manifest,
        path,
        text: `has the trust domain cluster.local, and that of the mesh is ${profile.mesh.trustDomain}: ztunnel compares it as it is written, so that it matches nobody there.`,
      }),
    ];
  const users = usersOf(here, account);
  const isGateway = context.clusters.some(cluster =>
    [...cluster.gateways, ...cluster.waypoints].some(
      each =>
        each.namespace === account.namespace &&
        each.serviceAccount === account.name,
    ),
  );
  const name = `${account.namespace}/${account.name}`;
  if (account.name === 'default' && spec.action === 'ALLOW') {
    return [
      notice('default-account-trusted', {
        manifest,
        path,
        text: `trusts ${name}, the identity of every pod there that names no other${
          users.length > 0 ? ` (${users.length} workloads now)` : ''
        }.`,
        others: users,
      }),
    ];
  }
  // Of a namespace that is not in the estate nothing is known.
  if (here.length === 0 || users.length > 0 || isGateway) return [];
  return [
    notice('principal-unused', {
      manifest,
      path,
      text: `names ${name}; none of the ${here.length} workloads of ${account.namespace} runs under it.`,
    }),
  ];
}

/** Callers that a rule names and that are nobody, everybody or somebody else (docs/semantics.md, S5, I4, I8). */
export const principals: Check = context =>
  context.authorizations.flatMap(policy =>
    [...valuesOf(policy.spec)].flatMap(value => lookAt(value, policy, context)),
  );

/** Environments that one mesh cannot tell apart (docs/semantics.md, I5). */
export const trustDomainAliases: Check = context => {
  const { profile } = context.cluster;
  const relying = context.authorizations.filter(({ spec }) =>
    [...valuesOf(spec)].some(({ name }) =>
      /^(principals|serviceAccounts|namespaces|source\.(principal|namespace))$/.test(
        name,
      ),
    ),
  );
  if (relying.length === 0) return [];
  return context.clusters.flatMap(other => {
    const domain = other.profile.mesh.trustDomain;
    const isAlias = profile.mesh.trustDomainAliases.some(alias =>
      matchesText(alias, domain),
    );
    const isApart =
      other.profile.environments.length > 0 &&
      profile.environments.length > 0 &&
      !other.profile.environments.some(name =>
        profile.environments.includes(name),
      );
    if (!isAlias || !isApart || domain === profile.mesh.trustDomain) return [];
    return [
      notice('trust-domain-alias', {
        manifest: relying[0].manifest,
        text: `admits callers of ${
          other.name
        } (${other.profile.environments.join(', ')}) like those of ${
          context.cluster.name
        } (${profile.environments.join(', ')}): ${domain} is an alias of ${
          profile.mesh.trustDomain
        }.${relying.length > 1 ? ` So do ${relying.length - 1} others.` : ''}`,
        others: [context.cluster.name, other.name],
      }),
    ];
  });
};
