import {
  confirmGrant,
  confirmProvider,
  endsToConfirm,
  type Finding,
  type Grant,
  type GrantEnds,
  plan,
  type UnconfirmedEnd,
} from '@callgate/policy';
import { type ParsedPolicy, readPolicy } from './readPolicies';
import { toCompileInput } from './readRepository';
import type { ConfirmEdit, Snapshot } from './types';
import { withoutClusters } from './unreadClusters';

/**
 * The text of a declaration in which what is confirmed is written: the ends that a grant has now, and components that
 * provide the API, with what they add to the ends of its grants.
 */
export function confirmIn(options: {
  snapshot: Snapshot;
  api: string;
  file: string;
  text: string;
  confirms: readonly ConfirmEdit[];
}): string {
  const { snapshot, api, file, confirms } = options;
  const providers = confirms.flatMap(({ confirm }) =>
    'provider' in confirm ? confirm.provider : [],
  );
  const text = providers.reduce(confirmProvider, options.text);
  const edited = readPolicy(file, text);
  if (!edited.policy) return text;
  const approversOf = (id: string) =>
    confirms
      .filter(({ confirm }) => 'grant' in confirm && confirm.grant === id)
      .flatMap(({ approvedBy }) => approvedBy);
  const approversOfProvider = (ref: string) =>
    confirms
      .filter(
        ({ confirm }) => 'provider' in confirm && confirm.provider === ref,
      )
      .flatMap(({ approvedBy }) => approvedBy);
  const asked = new Set(
    confirms.flatMap(({ confirm }) =>
      'grant' in confirm ? confirm.grant : [],
    ),
  );
  const grants = edited.policy.spec.grants.filter(
    ({ id, ends }) => ends && (asked.has(id) || providers.length > 0),
  );
  if (grants.length === 0) return text;
  // What is approved says whose bindings hold, so all of it is told; what these grants stand for is what is looked for.
  const others = snapshot.policies.filter(each => each.file !== file);
  const { policy } = edited;
  const loose = plan({
    policies: toCompileInput(
      within(snapshot, [{ ...edited, policy: withoutEnds(policy, grants) }]),
    ).policies,
    declared: toCompileInput(within(snapshot, [...others, edited])).policies,
    catalog: snapshot.catalog,
    clusters: snapshot.clusters,
  });
  return grants.reduce((done, grant) => {
    const of = { ...grant, api };
    const { clusters } = snapshot;
    if (asked.has(grant.id)) {
      const ends = endsToConfirm(loose, clusters, of, {
        except: unlisted(snapshot, api, grant.id, confirms),
      });
      return written(done, grant, ends, [
        ...approversOf(grant.id),
        ...providers.flatMap(approversOfProvider),
      ]);
    }
    return providers.reduce((soFar, provider) => {
      const now = readPolicy(file, soFar).policy?.spec.grants.find(
        ({ id }) => id === grant.id,
      );
      const ends =
        now && endsToConfirm(loose, clusters, { ...now, api }, { provider });
      return written(soFar, now ?? grant, ends, approversOfProvider(provider));
    }, done);
  }, text);
}

function within(
  { leftOut, clusters }: Snapshot,
  policies: readonly ParsedPolicy[],
): readonly ParsedPolicy[] {
  return withoutClusters(policies, leftOut, clusters);
}

/** Why a grant cannot be confirmed now: it is not there, or it has an error of its own. */
export function confirmProblems(
  snapshot: Snapshot,
  api: string,
  grantId: string,
): readonly Finding[] {
  return snapshot.compilation.held.flatMap(held =>
    held.api === api && held.grantId === grantId ? held.findings : [],
  );
}

/** What a grant stands for as well, and no request asks to confirm: whoever approves was not shown it. */
function unlisted(
  { compilation }: Snapshot,
  api: string,
  grantId: string,
  confirms: readonly ConfirmEdit[],
): readonly UnconfirmedEnd[] {
  const listed = confirms.flatMap(({ confirm }) =>
    'grant' in confirm && confirm.grant === grantId ? confirm.ends : [],
  );
  return compilation.plan.unconfirmed.filter(
    each =>
      each.api === api &&
      each.grantId === grantId &&
      !listed.some(
        ({ side, cluster, end }) =>
          side === each.side && cluster === each.cluster && end === each.end,
      ),
  );
}

function withoutEnds<P extends { spec: { grants: Grant[] } }>(
  policy: P,
  grants: readonly Grant[],
): P {
  return {
    ...policy,
    spec: {
      ...policy.spec,
      grants: policy.spec.grants.map(grant => {
        if (!grants.includes(grant)) return grant;
        const { ends: _, ...loose } = grant;
        return loose;
      }),
    },
  };
}

function written(
  text: string,
  grant: Grant,
  ends: GrantEnds | undefined,
  approvedBy: readonly string[],
): string {
  const same = ends && JSON.stringify(ends) === JSON.stringify(grant.ends);
  return ends && !same
    ? confirmGrant(text, grant.id, {
        ends,
        approvedBy: [...new Set(approvedBy)].sort(),
      })
    : text;
}
