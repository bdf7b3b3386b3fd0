import { stringify } from 'yaml';
import { buildCluster, namespaceOf } from '../estate/buildCluster';
import { asArray, asJson } from '../estate/json';
import { Cluster, KubernetesObject, ManifestObject } from '../estate/types';
import { CompiledAuthorizationPolicy } from './istio/Authorization';
import { objectName } from './networkpolicy/kernel';
import { Party, WorkloadParty, nameOf } from './party';
import { evaluate } from './evaluate';
import { Call, Change, Layer } from './types';
import { World, createWorld } from './World';

/** A change, and the objects of a cluster with it made. */
interface Candidate {
  change: Change;
  cluster: Cluster;
  apply(objects: readonly ManifestObject[]): ManifestObject[];
}

type Selector = { matchLabels: Record<string, string> };

function podSelector(party: WorkloadParty): Selector {
  return { matchLabels: { ...party.workload.podLabels } };
}

function addition(
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const { kind, metadata } = object;
  return {
    change: {
      action: 'add',
      layer,
      text,
      object: {
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      },
      manifest: object,
      yaml: stringify(object),
    },
    cluster,
    apply: objects => [...objects, { object, at: { file: 'change.yaml' } }],
  };
}

function replacement(
  manifest: ManifestObject,
  cluster: Cluster,
  layer: Layer,
  object: KubernetesObject,
  text: string,
): Candidate {
  const { kind, metadata } = object;
  return {
    change: {
      action: 'edit',
      layer,
      text,
      object: { kind, namespace: namespaceOf(object), name: metadata.name },
      manifest: object,
      yaml: stringify(object),
    },
    cluster,
    apply: objects =>
      objects.map(each =>
        each.object === manifest.object ? { object, at: each.at } : each,
      ),
  };
}

function peerOf(party: Party): Record<string, unknown> {
  if (party.kind === 'address')
    return { ipBlock: { cidr: party.addresses.toCidrs()[0] } };
  return {
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': party.workload.namespace },
    },
    podSelector: podSelector(party),
  };
}

function networkPolicy(
  direction: 'ingress' | 'egress',
  subject: WorkloadParty,
  other: Party,
  call: Call,
): Candidate {
  const { workload, cluster } = subject;
  const field = direction === 'ingress' ? 'from' : 'to';
  const ports = [{ port: call.port, protocol: call.protocol ?? 'TCP' }];
  const object: KubernetesObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `${workload.name}-${direction}-${call.port}`,
      namespace: workload.namespace,
    },
    spec: {
      podSelector: podSelector(subject),
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      [direction]: [{ [field]: [peerOf(other)], ports }],
    },
  };
  const where =
    direction === 'ingress'
      ? `from ${nameOf(other)} into ${workload.id}`
      : `out of ${workload.id} to ${nameOf(other)}`;
  return addition(
    cluster,
    'kernel',
    object,
    `Add a network policy that lets ${call.protocol ?? 'TCP'} ${
      call.port
    } ${where}.`,
  );
}

function operationOf(call: Call): Record<string, string[]> {
  const ports = [`${call.port}`];
  return call.http
    ? {
        methods: [call.http.method],
        paths: [call.http.path.replace(/[?#].*$/s, '')],
        ports,
      }
    : { ports };
}

function sourceOf(from: Party): Record<string, string[]> {
  if (from.kind === 'address')
    return { ipBlocks: from.addresses.toCidrs().slice(0, 1) };
  const { mesh, namespace, serviceAccount } = from.workload;
  if (mesh !== 'sidecar') return { notPrincipals: ['*'] };
  const { trustDomain } = from.cluster.profile.mesh;
  return {
    principals: [`${trustDomain}/ns/${namespace}/sa/${serviceAccount}`],
  };
}

function allowPolicy(to: WorkloadParty, from: Party, call: Call): Candidate {
  const { workload, cluster } = to;
  const source = sourceOf(from);
  const object: KubernetesObject = {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: `${workload.name}-allow-${call.port}`,
      namespace: workload.namespace,
    },
    spec: {
      selector: podSelector(to),
      action: 'ALLOW',
      rules: [{ from: [{ source }], to: [{ operation: operationOf(call) }] }],
    },
  };
  const what = call.http
    ? `${call.http.method} ${call.http.path}`
    : `port ${call.port}`;
  const layer = call.http ? 'method' : 'identity';
  return addition(
    cluster,
    layer,
    object,
    `Add an authorization policy of ${
      workload.id
    } that admits ${what} from ${nameOf(from)}.`,
  );
}

function permissivePolicy(
  to: WorkloadParty,
  from: Party,
  call: Call,
): Candidate {
  const { workload, cluster } = to;
  const object: KubernetesObject = {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: `${workload.name}-permissive-${call.port}`,
      namespace: workload.namespace,
    },
    spec: {
      selector: podSelector(to),
      portLevelMtls: { [call.port]: { mode: 'PERMISSIVE' } },
    },
  };
  const text = `Let ${workload.id} take plaintext on port ${
    call.port
  } (bringing ${nameOf(
    from,
  )} into the mesh would be better: plaintext has no identity).`;
  return addition(cluster, 'identity', object, text);
}

/** A DENY policy without the rules that stand in the way. */
function withoutRules(
  policy: CompiledAuthorizationPolicy,
  cluster: Cluster,
  rules: readonly number[],
): Candidate {
  const { object } = policy.manifest;
  const spec = asJson(object.spec);
  const kept = asArray(spec.rules).filter((_, index) => !rules.includes(index));
  const names = rules.map(index => `rules[${index}]`).join(', ');
  return replacement(
    policy.manifest,
    cluster,
    'method',
    { ...object, spec: { ...spec, rules: kept } },
    `Remove ${names} of ${objectName(policy.ref)}, which denies the call.`,
  );
}

/** Every change that might help; additions first, edits of a DENY last. */
function candidatesFor(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): Candidate[] {
  const found: Candidate[] = [];
  if (from.kind === 'workload')
    found.push(networkPolicy('egress', from, to, call));
  if (to.kind !== 'workload') return found;
  found.push(networkPolicy('ingress', to, from, call));
  if (to.workload.mesh !== 'sidecar' || (call.protocol ?? 'TCP') !== 'TCP')
    return found;
  found.push(permissivePolicy(to, from, call), allowPolicy(to, from, call));
  const denials = evaluate(world, call).hops.flatMap(hop => hop.by);
  for (const policy of world.of(to.cluster).authorization.of(to.workload)) {
    if (policy.spec.action !== 'DENY') continue;
    const rules = denials
      .filter(ref => objectName(ref) === objectName(policy.ref))
      .map(ref => /^rules\[(\d+)\]$/.exec(ref.rule ?? '')?.[1])
      .filter(index => index !== undefined)
      .map(Number);
    if (rules.length > 0) found.push(withoutRules(policy, to.cluster, rules));
  }
  return found;
}

function apply(world: World, changes: readonly Candidate[]): World {
  return createWorld(
    world.clusters.map(cluster => {
      const own = changes.filter(candidate => candidate.cluster === cluster);
      if (own.length === 0) return cluster;
      const objects = own.reduce(
        (all, candidate) => candidate.apply(all),
        [...cluster.objects],
      );
      return buildCluster({
        name: cluster.name,
        objects,
        profile: cluster.profile,
        mesh: cluster.meshOption,
      }).cluster;
    }),
  );
}

/**
 * An irreducible set of changes that would allow a refused call: found by
 * trying. All candidates are applied; if the call is then allowed, each is
 * taken away again where it stays allowed without, edits of a DENY first. Empty
 * when the call is not refused, or when nothing of what is tried would allow it.
 */
export function changesFor(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): Change[] {
  if (evaluate(world, call).verdict !== 'deny') return [];
  let kept = candidatesFor(world, from, to, call);
  const isAllowed = (changes: readonly Candidate[]) =>
    evaluate(apply(world, changes), call).verdict === 'allow';
  if (kept.length === 0 || !isAllowed(kept)) return [];
  for (const candidate of [...kept].reverse()) {
    const others = kept.filter(each => each !== candidate);
    if (isAllowed(others)) kept = others;
  }
  return kept.map(({ change }) => change);
}
