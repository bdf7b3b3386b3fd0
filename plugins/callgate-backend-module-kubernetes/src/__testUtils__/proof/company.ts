import { type Json, asJson } from '@callgate/cluster-reader';

/** How much runs. */
export interface Size {
  pods: number;
  workloads: number;
}

/** An object, and where its kind is made. */
export interface Made {
  path: string;
  object: Json;
}

/** Workloads of one namespace. */
const IN_NAMESPACE = 50;
/** One workload of so many has a NetworkPolicy. */
const WITH_POLICY = 4;

export const namespaceOf = (workload: number) =>
  `team-${Math.floor(workload / IN_NAMESPACE)}`;
const hashOf = (workload: number) => `${(workload * 7919) % 99991}`;

export const namesOf = (workload: number) => {
  const name = `app-${workload}`;
  return { name, set: `${name}-${hashOf(workload)}` };
};

const spec = (name: string) => ({
  serviceAccountName: name,
  nodeName: 'node-1',
  containers: [
    {
      name: 'main',
      image: `registry.example.com/${name}:1.0.0`,
      ports: [{ name: 'http', containerPort: 8080 }],
      env: Array.from({ length: 12 }, (_, at) => ({
        name: `SETTING_${at}`,
        value: `a value that is as long as they are, ${at}`,
      })),
      readinessProbe: { httpGet: { path: '/healthz', port: 8080 } },
      resources: { requests: { cpu: '100m', memory: '128Mi' } },
    },
  ],
});
const labelsOf = (name: string) => ({
  app: name,
  'app.kubernetes.io/part-of': 'company',
});
const ownerOf = (apiVersion: string, kind: string, name: string) => [
  // No controller runs that would miss the owner by its uid.
  { apiVersion, kind, name, uid: name, controller: true },
];

/** The namespaces of so many workloads. */
export function namespaces({ workloads }: Size): Made[] {
  return Array.from(
    { length: Math.ceil(workloads / IN_NAMESPACE) },
    (_, at): Made => ({
      path: '/api/v1/namespaces',
      object: { metadata: { name: `team-${at}`, labels: { team: `${at}` } } },
    }),
  );
}

/** Pod number `at` of a workload, as a ReplicaSet makes it. */
export function podOf(workload: number, at: number): Made {
  const { name, set } = namesOf(workload);
  return {
    path: `/api/v1/namespaces/${namespaceOf(workload)}/pods`,
    object: {
      metadata: {
        name: `${set}-${at}`,
        labels: { ...labelsOf(name), 'pod-template-hash': hashOf(workload) },
        ownerReferences: ownerOf('apps/v1', 'ReplicaSet', set),
      },
      spec: spec(name),
    },
  };
}

/** A policy of a workload, which lets another one call. */
export function policyOf(workload: number, caller: number): Made {
  const { name } = namesOf(workload);
  return {
    path: `/apis/networking.k8s.io/v1/namespaces/${namespaceOf(
      workload,
    )}/networkpolicies`,
    object: {
      metadata: { name },
      spec: {
        podSelector: { matchLabels: { app: name } },
        ingress: [
          {
            from: [
              {
                namespaceSelector: {},
                podSelector: { matchLabels: { app: namesOf(caller).name } },
              },
            ],
            ports: [{ port: 8080 }],
          },
        ],
      },
    },
  };
}

/** Everything of one workload: Deployment, ReplicaSet, Service, some with a policy, and its pods. */
export function workloadOf(workload: number, pods: number): Made[] {
  const { name, set } = namesOf(workload);
  const namespace = namespaceOf(workload);
  const labels = labelsOf(name);
  const template = { metadata: { labels }, spec: spec(name) };
  const hashed = { ...labels, 'pod-template-hash': hashOf(workload) };
  const of = (path: string, object: Json): Made => ({
    path: path.replace('NS', namespace),
    object,
  });
  return [
    of('/apis/apps/v1/namespaces/NS/deployments', {
      metadata: { name, labels },
      spec: { replicas: pods, selector: { matchLabels: labels }, template },
    }),
    of('/apis/apps/v1/namespaces/NS/replicasets', {
      metadata: {
        name: set,
        labels: hashed,
        ownerReferences: ownerOf('apps/v1', 'Deployment', name),
      },
      spec: {
        replicas: pods,
        selector: { matchLabels: hashed },
        template: { ...template, metadata: { labels: hashed } },
      },
    }),
    of('/api/v1/namespaces/NS/services', {
      metadata: { name },
      spec: {
        clusterIP: 'None',
        selector: { app: name },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    }),
    ...(workload % WITH_POLICY === 0 ? [policyOf(workload, workload + 1)] : []),
    ...Array.from({ length: pods }, (_, at) => podOf(workload, at)),
  ];
}

/** Path of an object. */
export const placeOf = ({ path, object }: Made) =>
  `${path}/${asJson(object.metadata).name}`;
