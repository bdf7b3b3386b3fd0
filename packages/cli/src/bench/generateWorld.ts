import type { KubernetesObject, ManifestObject } from '@callgate/policy';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface WorldShape {
  workloads: number;
  callers: number;
  /** With an AuthorizationPolicy (methods and paths) for each workload. */
  mesh: boolean;
  /** Leaves out this many of the last edges, to compare worlds. */
  without?: number;
  seed?: number;
  /** Paths by prefix instead of templates, for analyzers that know none. */
  prefixes?: boolean;
  /** Workloads in a namespace. Default: 20. */
  namespaceSize?: number;
  /** Which workloads have a NetworkPolicy. Default: all. */
  policiesOf?: (index: number) => boolean;
}

/**
 * Objects of a world in which each workload is called by some others: ingress
 * and egress NetworkPolicies for all, and if asked authorization policies.
 */
export function generateWorld(shape: WorldShape): ManifestObject[] {
  const random = seeded(shape.seed ?? 1);
  const size = shape.namespaceSize ?? 20;
  const namespaceOf = (index: number) => `team-${Math.floor(index / size)}`;
  const callers = Array.from({ length: shape.workloads }, (_, to) => {
    const chosen = new Set<number>();
    while (chosen.size < Math.min(shape.callers, shape.workloads - 1)) {
      // Skewed: most callers are near, some are anywhere.
      const near = to + 1 + Math.floor(random() ** 2 * 20);
      const from =
        (random() < 0.8 ? near : Math.floor(random() * shape.workloads)) %
        shape.workloads;
      if (from !== to) chosen.add(from);
    }
    return [...chosen];
  });
  for (let left = shape.without ?? 0; left > 0; left--)
    callers[shape.workloads - left].pop();

  const calleesOf: number[][] = callers.map(() => []);
  callers.forEach((list, to) => list.forEach(from => calleesOf[from].push(to)));

  const objects: KubernetesObject[] = [];
  const peer = (index: number) => ({
    namespaceSelector: {
      matchLabels: { 'kubernetes.io/metadata.name': namespaceOf(index) },
    },
    podSelector: { matchLabels: { app: `app-${index}` } },
  });
  for (let index = 0; index < shape.workloads; index++) {
    const name = `app-${index}`;
    const namespace = namespaceOf(index);
    const ports = [{ port: 8080, protocol: 'TCP' }];
    const callees = calleesOf[index];
    if (index % size === 0)
      objects.push({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: namespace,
          labels: shape.mesh ? { 'istio-injection': 'enabled' } : {},
        },
      });
    objects.push(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name, team: namespace } },
            spec: {
              serviceAccountName: name,
              containers: [
                {
                  name: 'main',
                  ports: [{ name: 'http', containerPort: 8080 }],
                },
              ],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: {
          selector: { app: name },
          ports: [{ name: 'http', port: 80, targetPort: 8080 }],
        },
      },
    );
    if (shape.policiesOf?.(index) ?? true) {
      objects.push({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace },
        spec: {
          podSelector: { matchLabels: { app: name } },
          policyTypes: ['Ingress', 'Egress'],
          ingress:
            callers[index].length > 0
              ? [{ from: callers[index].map(peer), ports }]
              : [],
          egress: callees.length > 0 ? [{ to: callees.map(peer), ports }] : [],
        },
      });
    }
    if (shape.mesh) {
      objects.push({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: { app: name } },
          action: 'ALLOW',
          rules: callers[index].map(from => ({
            from: [
              {
                source: {
                  principals: [
                    `cluster.local/ns/${namespaceOf(from)}/sa/app-${from}`,
                  ],
                },
              },
            ],
            to: [
              {
                operation: {
                  ports: ['8080'],
                  methods: random() < 0.5 ? ['GET'] : ['GET', 'POST'],
                  paths: [
                    `/v1/${name}`,
                    `/v1/${name}/${shape.prefixes ? '*' : '{*}'}`,
                    ...(random() < 0.3 && !shape.prefixes
                      ? [`/v1/${name}/{*}/items/{**}`]
                      : []),
                  ],
                },
              },
            ],
          })),
        },
      });
    }
  }
  return objects.map((object, index) => ({
    object,
    at: { file: 'generated.yaml', line: index + 1 },
  }));
}
