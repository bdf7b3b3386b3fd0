import { namespaceOf } from '../estate/buildCluster';
import { asJson, asLabels } from '../estate/json';
import { groupOf } from '../estate/podTemplates';
import { HostEntry, Labels, ManifestObject } from '../estate/types';
import { Finding } from '../findings';
import {
  Check,
  LintContext,
  LintedAuthorization,
  hasLabels,
} from './LintContext';
import { isEverything } from './isEverything';
import { few, nameOfManifest, notice } from './notice';

const USE_WAYPOINT = 'istio.io/use-waypoint';

function labelsOf(labels: Labels): string {
  return few(Object.entries(labels).map(([key, value]) => `${key}=${value}`));
}

function whatIsThere({ workloadsIn }: LintContext, namespace: string): string {
  const count = workloadsIn(namespace).length;
  return count === 0
    ? `the estate has no workload in ${namespace}`
    : `none of the ${count} workloads of ${namespace} has these labels`;
}

/** A host without proxy that the labels stand for (docs/semantics.md, O1). */
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
    const isRoot = namespace === cluster.profile.mesh.rootNamespace;
    // Gateways of the mesh live there, and an estate of applications does not have them.
    if (isRoot && context.workloadsIn(namespace).length === 0) return [];
    if (context.hasUnknownPods(isRoot ? undefined : namespace)) return [];
    const where = isRoot
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
    each =>
      each.mesh === 'none' &&
      !each.meshIsGuess &&
      !each.gateway &&
      !cluster.gateways.some(({ workload }) => workload === each.id),
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

/** A ServiceEntry is behind a proxy where it, or its namespace, uses a waypoint. */
function hasWaypoint(
  entry: ManifestObject,
  namespace: string,
  { cluster }: LintContext,
): boolean {
  const own = asLabels(entry.object.metadata.labels)[USE_WAYPOINT];
  const used = own ?? cluster.namespaces.get(namespace)?.labels[USE_WAYPOINT];
  return used !== undefined && used !== '' && used !== 'none';
}

function targetsOf(
  { manifest, namespace, targets }: LintedAuthorization,
  context: LintContext,
): Finding[] {
  const { cluster } = context;
  const isList = asJson(manifest.object.spec).targetRefs !== undefined;
  return targets.flatMap(({ group, kind, name }, index) => {
    if (kind === 'GatewayClass') return [];
    const path = isList ? ['spec', 'targetRefs', index] : ['spec', 'targetRef'];
    const target = cluster.objects.find(
      ({ object }) =>
        object.kind === kind &&
        object.metadata.name === name &&
        namespaceOf(object) === namespace &&
        groupOf(object) === group,
    );
    if (!target) {
      if (context.isNotRead(namespace)) return [];
      return [
        notice('selects-nothing', {
          manifest,
          path,
          text: `names ${kind} ${namespace}/${name}, which is not in the estate.`,
        }),
      ];
    }
    return kind === 'ServiceEntry' && !hasWaypoint(target, namespace, context)
      ? [
          notice('policy-without-proxy', {
            manifest,
            path,
            text: `names ServiceEntry ${namespace}/${name}, which uses no waypoint: no proxy enforces the policy.`,
            others: [nameOfManifest(target)],
          }),
        ]
      : [];
  });
}

/** Policies that apply to nothing (docs/semantics.md, O1), and those of things without a proxy. */
export const selectsNothing: Check = context => {
  const { cluster, networkPolicies, authorizations, world } = context;
  const root = cluster.profile.mesh.rootNamespace;
  return [
    ...networkPolicies
      .filter(
        ({ spec, workloads, namespace }) =>
          workloads.length === 0 &&
          !isEverything(spec.podSelector) &&
          !context.hasUnknownPods(namespace),
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
      const isUsed = context
        .workloadsIn(namespace)
        .some(each => hasLabels(each, selector));
      return isUsed || context.hasUnknownPods(namespace)
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
