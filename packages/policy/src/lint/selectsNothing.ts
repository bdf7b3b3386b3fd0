import { asJson } from '../estate/json';
import { HostEntry, Labels } from '../estate/types';
import { Finding } from '../findings';
import { Check, LintContext, LintedAuthorization } from './LintContext';
import { isEverything } from './isEverything';
import { few, notice } from './notice';

function labelsOf(labels: Labels): string {
  return few(Object.entries(labels).map(([key, value]) => `${key}=${value}`));
}

function whatIsThere({ cluster }: LintContext, namespace: string): string {
  const count = cluster.workloads.filter(
    each => each.namespace === namespace,
  ).length;
  return count === 0
    ? `the estate has no workload in ${namespace}`
    : `none of the ${count} workloads of ${namespace} has these labels`;
}

/** A host without proxy that the labels stand for (design 4, O1). */
function hostsWith(
  hosts: readonly HostEntry[],
  namespace: string,
  labels: Labels,
): HostEntry[] {
  return hosts.filter(
    host =>
      host.namespace === namespace &&
      Object.keys(host.labels).length > 0 &&
      Object.entries(labels).every(
        ([key, value]) => host.labels[key] === value,
      ),
  );
}

function selectorOf(
  policy: LintedAuthorization,
  context: LintContext,
): Finding[] {
  const { manifest, spec, namespace, workloads, targets } = policy;
  const { cluster } = context;
  const path = ['spec', 'selector'];
  const selector = spec.selector ?? {};
  if (targets.length > 0 || Object.keys(selector).length === 0) return [];
  if (workloads.length === 0) {
    const hosts = hostsWith(cluster.hosts, namespace, selector);
    if (hosts.length > 0) {
      const ids = hosts.map(({ id }) => id);
      return [
        notice('policy-without-proxy', {
          manifest,
          path,
          text: `names ${few(
            ids,
          )}, which no proxy of the mesh stands before: nobody enforces the policy there.`,
          others: ids,
        }),
      ];
    }
    const where =
      namespace === cluster.profile.mesh.rootNamespace
        ? 'no workload of the cluster has these labels'
        : whatIsThere(context, namespace);
    return [
      notice('selects-nothing', {
        manifest,
        path,
        text: `is ${labelsOf(selector)}: ${where}.`,
      }),
    ];
  }
  const isOut = workloads.every(
    each => each.mesh === 'none' && !each.meshIsGuess && !each.gateway,
  );
  if (!isOut) return [];
  const ids = workloads.map(({ id }) => id);
  return [
    notice('policy-without-proxy', {
      manifest,
      path,
      text: `selects ${few(
        ids,
      )}, outside the mesh: no proxy enforces the policy.`,
      others: ids,
    }),
  ];
}

function targetsOf(
  { manifest, namespace, targets }: LintedAuthorization,
  { cluster }: LintContext,
): Finding[] {
  const isList = asJson(manifest.object.spec).targetRefs !== undefined;
  return targets.flatMap(({ group, kind, name }, index) => {
    const path = isList ? ['spec', 'targetRefs', index] : ['spec', 'targetRef'];
    const isThere =
      kind === 'GatewayClass' ||
      cluster.objects.some(
        ({ object }) =>
          object.kind === kind &&
          object.metadata.name === name &&
          (object.metadata.namespace ?? 'default') === namespace &&
          object.apiVersion.startsWith(group === '' ? 'v1' : `${group}/`),
      );
    return isThere
      ? []
      : [
          notice('selects-nothing', {
            manifest,
            path,
            text: `names ${kind} ${namespace}/${name}, which is not in the estate.`,
          }),
        ];
  });
}

/** Policies that apply to nothing (design 4, O1), and those of things without a proxy. */
export const selectsNothing: Check = context => {
  const { cluster, networkPolicies, authorizations, world } = context;
  const root = cluster.profile.mesh.rootNamespace;
  return [
    ...networkPolicies
      .filter(
        ({ spec, workloads }) =>
          workloads.length === 0 && !isEverything(spec.podSelector),
      )
      .map(({ manifest, namespace }) =>
        notice('selects-nothing', {
          manifest,
          path: ['spec', 'podSelector'],
          text: `matches no pods: ${whatIsThere(context, namespace)}.`,
        }),
      ),
    ...authorizations.flatMap(policy => [
      ...selectorOf(policy, context),
      ...targetsOf(policy, context),
    ]),
    ...world.peers.all.flatMap(({ manifest, namespace, selector, isValid }) => {
      // With a selector in the root namespace it has no effect at all, which is said elsewhere.
      if (!isValid || !selector || namespace === root) return [];
      const isUsed = cluster.workloads.some(
        each =>
          each.namespace === namespace &&
          Object.entries(selector).every(
            ([key, value]) => each.podLabels[key] === value,
          ),
      );
      return isUsed
        ? []
        : [
            notice('selects-nothing', {
              manifest,
              path: ['spec', 'selector'],
              text: `is ${labelsOf(selector)}: ${whatIsThere(
                context,
                namespace,
              )}.`,
            }),
          ];
    }),
  ];
};
