import { Random } from './Random';
import { Manifest, World, WorldWorkload } from './types';

type Spec = Record<string, unknown>;

/** Some workloads are StatefulSets, of which one pod or the other is called. */
function withSets(world: World, random: Random): WorldWorkload[] {
  return world.workloads.map(each =>
    each.isHost || each.ports.length === 0 || !random.chance(0.5)
      ? each
      : {
          ...each,
          set: {
            pod: random.one([0, 1] as const),
            hasRoles: random.chance(0.5),
          },
        },
  );
}

/** Selects by what controllers add, or pods of one workload carry differently. */
function selector(name: string, random: Random): Spec {
  return random.one<Spec>([
    { matchLabels: { 'statefulset.kubernetes.io/pod-name': `${name}-0` } },
    { matchLabels: { 'apps.kubernetes.io/pod-index': '1' } },
    { matchLabels: { role: 'leader' } },
    { matchLabels: { app: name, role: 'replica' } },
    { matchLabels: { 'pod-template-hash': '5c9d8' } },
  ]);
}

const BY_ADDED = 'by-added-';

/** Is the policy about some pods of a workload and not about others? */
export function selectsSomePods({ metadata }: Manifest): boolean {
  return metadata.name.startsWith(BY_ADDED);
}

function policyBy(world: World, random: Random, index: number): Manifest {
  const some = random.one(world.workloads.filter(({ ports }) => ports.length));
  const metadata = { name: `${BY_ADDED}${index}`, namespace: some.namespace };
  const own = selector(some.name, random);
  const orExpression = random.chance(0.4)
    ? {
        matchExpressions: [
          {
            key: random.one(['pod-template-hash', 'role']),
            operator: random.one(['Exists', 'DoesNotExist']),
          },
        ],
      }
    : own;
  return random.one<Manifest>([
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: orExpression, policyTypes: ['Ingress'] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchLabels: { app: some.name } },
        ingress: [
          { from: [{ namespaceSelector: {}, podSelector: orExpression }] },
        ],
      },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata,
      spec: {
        selector: own,
        action: random.one(['ALLOW', 'DENY']),
        rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
      },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata,
      spec: { selector: own, mtls: { mode: 'STRICT' } },
    },
  ]);
}

/** Every third world again with StatefulSets in it, and policies that tell their pods apart. */
export function withControllers(world: World): World {
  if (world.seed % 3 !== 0) return world;
  const random = new Random(world.seed + 4_000_037);
  const withThem = { ...world, workloads: withSets(world, random) };
  const policies = [0, 1].map(index => policyBy(withThem, random, index));
  return { ...withThem, policies: [...world.policies, ...policies] };
}
