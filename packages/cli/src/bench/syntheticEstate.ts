import type { KubernetesObject, ManifestObject } from '@callgate/policy';

/**
 * An estate of a believable shape: namespaces of ten workloads in the mesh, each
 * with a Service and a service account, closed at both layers to its two
 * neighbours. The same size gives the same estate.
 */
export function syntheticEstate(workloads: number): ManifestObject[] {
  const objects: KubernetesObject[] = [];
  for (let index = 0; index < workloads; index++) {
    const namespace = `team-${Math.floor(index / 10)}`;
    if (index % 10 === 0) {
      objects.push({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } },
      });
    }
    const callers = [1, 2].map(step => (index + step) % workloads);
    objects.push(
      ...workload(index, namespace),
      ...policies(index, namespace, callers),
    );
  }
  return objects.map((object, index) => ({
    object,
    at: { file: 'bench', line: index + 1 },
  }));
}

function workload(index: number, namespace: string): KubernetesObject[] {
  const name = `app-${index}`;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            serviceAccountName: name,
            containers: [
              { name: 'app', ports: [{ name: 'http', containerPort: 8080 }] },
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
  ];
}

function policies(
  index: number,
  namespace: string,
  callers: readonly number[],
): KubernetesObject[] {
  const name = `app-${index}`;
  const ends = callers.map(caller => ({
    name: `app-${caller}`,
    namespace: `team-${Math.floor(caller / 10)}`,
  }));
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: {
        podSelector: { matchLabels: { app: name } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: ends.map(end => ({
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': end.namespace },
              },
              podSelector: { matchLabels: { app: end.name } },
            })),
            ports: [{ protocol: 'TCP', port: 8080 }],
          },
        ],
      },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { app: name } },
        action: 'ALLOW',
        rules: [
          {
            from: [
              {
                source: {
                  principals: ends.map(
                    end => `cluster.local/ns/${end.namespace}/sa/${end.name}`,
                  ),
                },
              },
            ],
            to: [
              {
                operation: {
                  ports: ['8080'],
                  methods: ['GET'],
                  paths: [`/v1/${name}/{*}`],
                },
              },
            ],
          },
        ],
      },
    },
  ];
}
