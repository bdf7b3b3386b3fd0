import { asJson, asKey } from '../estate/json';
import type {
  Cluster,
  KubernetesObject,
  ManifestObject,
  Workload,
} from '../estate/types';
import { mayMatchSelector } from './labelSelector';

/**
 * The label that marks generated objects.
 *
 * @public
 */
export const MANAGED_BY = {
  key: 'app.kubernetes.io/managed-by',
  value: 'callgate',
} as const;

/** Kinds that are generated, with their groups. */
const POLICIES = {
  NetworkPolicy: 'networking.k8s.io/',
  AuthorizationPolicy: 'security.istio.io/',
  PeerAuthentication: 'security.istio.io/',
} as const;

/**
 * True for objects that Callgate generated, going by their label. Other kinds
 * than it generates are never its own, whatever label somebody gave them: a
 * workload would be gone from the estate otherwise. Whoever puts the label on
 * a policy of theirs has it judged as ours.
 *
 * @public
 */
export function isGenerated({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): boolean {
  return (
    Object.hasOwn(POLICIES, kind) &&
    apiVersion.startsWith(POLICIES[kind as PolicyKind]) &&
    metadata.labels?.[MANAGED_BY.key] === MANAGED_BY.value
  );
}

type Json = Record<string, unknown>;

const specOf = ({ object }: ManifestObject): Json =>
  typeof object.spec === 'object' && object.spec !== null
    ? (object.spec as Json)
    : {};

const homeOf = ({ object }: ManifestObject) =>
  object.metadata.namespace ?? 'default';

function nameOf(manifest: ManifestObject): string {
  return `${manifest.object.kind} ${homeOf(manifest)}/${
    manifest.object.metadata.name
  }`;
}

type PolicyKind = keyof typeof POLICIES;

/** Hand-written policies by cluster and kind: asked for again for every edge. */
const known = new WeakMap<Cluster, Map<PolicyKind, ManifestObject[]>>();

function handWritten(cluster: Cluster, kind: PolicyKind): ManifestObject[] {
  const byKind = known.get(cluster) ?? new Map<PolicyKind, ManifestObject[]>();
  known.set(cluster, byKind);
  let found = byKind.get(kind);
  if (!found) {
    found = cluster.objects.filter(
      manifest =>
        manifest.object.kind === kind &&
        manifest.object.apiVersion.startsWith(POLICIES[kind]) &&
        !isGenerated(manifest.object),
    );
    byKind.set(kind, found);
  }
  return found;
}

/** Whether a policy lets anybody in at all: without a rule it only closes. */
function admitsSomebody(manifest: ManifestObject, field: string): boolean {
  const rules = specOf(manifest)[field] ?? [];
  return !Array.isArray(rules) || rules.length > 0;
}

/**
 * Hand-written NetworkPolicies that isolate a workload in one direction. Without `policyTypes` ingress is meant, and egress
 * where there are egress rules (Kubernetes API, NetworkPolicySpec).
 */
export function networkPoliciesOn(
  cluster: Cluster,
  workload: Workload,
  direction: 'ingress' | 'egress',
): string[] {
  return networkPolicies(cluster, workload, direction).map(nameOf).sort();
}

/**
 * Those of them by which somebody may call a workload.
 *
 * @param served - ports and names of ports at which the workload is called; a policy that opens none of them, such as only the
 *   port of a proxy's metrics, admits no callers. Where none is known every port counts.
 */
export function admittingNetworkPoliciesOn(
  cluster: Cluster,
  workload: Workload,
  served: ReadonlySet<number | string>,
): string[] {
  return networkPolicies(cluster, workload, 'ingress')
    .filter(
      manifest =>
        admitsSomebody(manifest, 'ingress') &&
        (served.size === 0 || opensOneOf(manifest, served)),
    )
    .map(nameOf)
    .sort();
}

/** Whether a rule may open one of these ports. A rule without ports opens all, and what is no plain port may be any. */
function opensOneOf(
  manifest: ManifestObject,
  served: ReadonlySet<number | string>,
): boolean {
  const { ingress } = specOf(manifest);
  if (!Array.isArray(ingress)) return true;
  return ingress.some((rule: unknown) => {
    const { ports } = asJson(rule);
    if (!Array.isArray(ports) || ports.length === 0) return true;
    return ports.some((each: unknown) => {
      const { port, endPort } = asJson(each);
      const isPlain =
        (typeof port === 'number' || typeof port === 'string') &&
        endPort === undefined;
      return !isPlain || served.has(port);
    });
  });
}

function networkPolicies(
  cluster: Cluster,
  workload: Workload,
  direction: 'ingress' | 'egress',
): ManifestObject[] {
  return handWritten(cluster, 'NetworkPolicy').filter(manifest => {
    const spec = specOf(manifest);
    const types =
      Array.isArray(spec.policyTypes) && spec.policyTypes.length > 0
        ? spec.policyTypes
        : undefined;
    const applies =
      direction === 'ingress'
        ? types?.includes('Ingress') ?? true
        : types?.includes('Egress') ??
          (Array.isArray(spec.egress) && spec.egress.length > 0);
    return (
      applies &&
      homeOf(manifest) === workload.namespace &&
      mayMatchSelector(spec.podSelector ?? {}, workload)
    );
  });
}

/** Hand-written ALLOW AuthorizationPolicies that select a workload: in its namespace or in the root namespace. */
export function allowPoliciesOn(
  cluster: Cluster,
  workload: Workload,
): string[] {
  return allowPolicies(cluster, workload).map(nameOf).sort();
}

/** Those of them by which somebody may call a workload. */
export function admittingAllowPoliciesOn(
  cluster: Cluster,
  workload: Workload,
): string[] {
  return allowPolicies(cluster, workload)
    .filter(manifest => admitsSomebody(manifest, 'rules'))
    .map(nameOf)
    .sort();
}

function allowPolicies(cluster: Cluster, workload: Workload): ManifestObject[] {
  const root = cluster.profile.mesh.rootNamespace;
  return handWritten(cluster, 'AuthorizationPolicy').filter(manifest => {
    const spec = specOf(manifest);
    const dryRun =
      manifest.object.metadata.annotations?.['istio.io/dry-run'] === 'true';
    const home = homeOf(manifest);
    return (
      (spec.action ?? 'ALLOW') === 'ALLOW' &&
      !dryRun &&
      spec.targetRefs === undefined &&
      spec.targetRef === undefined &&
      (home === workload.namespace || home === root) &&
      mayMatchSelector(spec.selector ?? {}, workload)
    );
  });
}

/** What a waypoint reads: policies that name a Service of its own, the Gateway, or the class of all waypoints. */
function isReadAt(
  manifest: ManifestObject,
  root: string,
  services: ReadonlySet<string>,
  waypoints: ReadonlySet<string>,
): boolean {
  const { targetRefs, targetRef } = specOf(manifest);
  const refs = Array.isArray(targetRefs) ? targetRefs : [targetRef];
  const home = homeOf(manifest);
  return refs.some((ref: unknown) => {
    const { kind, name } = asJson(ref);
    const id = `${home}/${asKey(name)}`;
    if (kind === 'Service') return services.has(id);
    if (kind === 'Gateway') return waypoints.has(id);
    return (
      kind === 'GatewayClass' && name === 'istio-waypoint' && home === root
    );
  });
}

/** Hand-written ALLOW AuthorizationPolicies by which waypoints admit somebody to calls of some Services. */
export function allowPoliciesOnWaypoints(
  cluster: Cluster,
  services: readonly { service: { id: string }; waypoint: { id: string } }[],
): string[] {
  if (services.length === 0) return [];
  const root = cluster.profile.mesh.rootNamespace;
  const ids = new Set(services.map(({ service }) => service.id));
  const waypoints = new Set(services.map(({ waypoint }) => waypoint.id));
  return handWritten(cluster, 'AuthorizationPolicy')
    .filter(
      manifest =>
        (specOf(manifest).action ?? 'ALLOW') === 'ALLOW' &&
        manifest.object.metadata.annotations?.['istio.io/dry-run'] !== 'true' &&
        isReadAt(manifest, root, ids, waypoints) &&
        admitsSomebody(manifest, 'rules'),
    )
    .map(nameOf)
    .sort();
}

/** Hand-written PeerAuthentications for exactly this workload: with a selector, in its namespace. */
export function peerAuthenticationsOn(
  cluster: Cluster,
  workload: Workload,
): string[] {
  return handWritten(cluster, 'PeerAuthentication')
    .filter(manifest => {
      const selector = specOf(manifest).selector as
        | { matchLabels?: Json }
        | undefined;
      const labels = selector?.matchLabels ?? {};
      return (
        homeOf(manifest) === workload.namespace &&
        Object.keys(labels).length > 0 &&
        mayMatchSelector(selector, workload)
      );
    })
    .map(nameOf)
    .sort();
}
