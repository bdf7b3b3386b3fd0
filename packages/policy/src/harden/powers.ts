import { LayerName } from './types';

/** What a role would have to allow for somebody to have a power. */
export interface PowerRule {
  groups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

/** Something that people may do to a cluster and that defeats a layer. */
export interface Power {
  id: string;
  /** for people, after "may" */
  text: string;
  defeats: readonly LayerName[];
  /** where it has to be had: in a protected namespace, in the root namespace of the mesh, or for the whole cluster */
  where: 'namespace' | 'root' | 'cluster';
  /** any of them is enough */
  rules: readonly PowerRule[];
}

const ALL: readonly LayerName[] = ['kernel', 'identity', 'method'];
const MESH: readonly LayerName[] = ['identity', 'method'];
const WRITE = ['create', 'update', 'patch'];
const CHANGE = [...WRITE, 'delete', 'deletecollection'];

/**
 * The closed list of powers, after Kubernetes' page on RBAC good practices
 * ("privilege escalation risks") and Istio's on security best practices.
 */
export const POWERS: readonly Power[] = [
  {
    id: 'run-pods',
    text: 'run pods with any labels and any service account of the namespace',
    defeats: ALL,
    where: 'namespace',
    rules: [
      {
        groups: [''],
        resources: ['pods', 'replicationcontrollers'],
        verbs: WRITE,
      },
      {
        groups: ['apps'],
        resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
        verbs: WRITE,
      },
      { groups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: WRITE },
    ],
  },
  {
    id: 'act-as-a-pod',
    text: 'run commands in pods and act as the workload',
    defeats: ALL,
    where: 'namespace',
    rules: [
      {
        groups: [''],
        resources: ['pods/exec', 'pods/attach'],
        verbs: ['create', 'get'],
      },
      {
        groups: [''],
        resources: ['pods/ephemeralcontainers'],
        verbs: ['update', 'patch'],
      },
    ],
  },
  {
    id: 'issue-tokens',
    text: 'issue tokens of service accounts, and with them get identities of the mesh',
    defeats: ['identity', 'method'],
    where: 'namespace',
    rules: [
      { groups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
      { groups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
    ],
  },
  {
    id: 'write-network-policies',
    text: 'write network policies, which only ever add access, or delete ours',
    defeats: ['kernel'],
    where: 'namespace',
    rules: [
      {
        groups: ['networking.k8s.io'],
        resources: ['networkpolicies'],
        verbs: CHANGE,
      },
    ],
  },
  {
    id: 'write-mesh-policies',
    text: 'write authorization policies, mutual TLS settings or filters of the proxies',
    defeats: MESH,
    where: 'namespace',
    rules: [
      {
        groups: ['security.istio.io'],
        resources: [
          'authorizationpolicies',
          'peerauthentications',
          'requestauthentications',
        ],
        verbs: CHANGE,
      },
      {
        groups: ['networking.istio.io', 'extensions.istio.io'],
        resources: ['envoyfilters', 'wasmplugins', 'sidecars'],
        verbs: CHANGE,
      },
    ],
  },
  {
    id: 'write-root-policies',
    text: "write policies in the mesh's root namespace, which hold everywhere",
    defeats: MESH,
    where: 'root',
    rules: [
      {
        groups: ['security.istio.io', 'networking.istio.io'],
        resources: [
          'authorizationpolicies',
          'peerauthentications',
          'envoyfilters',
        ],
        verbs: CHANGE,
      },
    ],
  },
  {
    id: 'read-mesh-secrets',
    text: "read the secrets of the mesh's root namespace, where its signing key may be",
    defeats: MESH,
    where: 'root',
    rules: [{ groups: [''], resources: ['secrets'], verbs: ['get', 'list'] }],
  },
  {
    id: 'change-services',
    text: 'change Services: which pods they lead to, and through which waypoint',
    defeats: ['method'],
    where: 'namespace',
    rules: [
      { groups: [''], resources: ['services'], verbs: ['update', 'patch'] },
      {
        groups: ['gateway.networking.k8s.io'],
        resources: ['gateways'],
        verbs: CHANGE,
      },
    ],
  },
  {
    id: 'label-namespaces',
    text: 'label namespaces: take them out of the mesh, or make them match selectors',
    defeats: ALL,
    where: 'cluster',
    rules: [
      { groups: [''], resources: ['namespaces'], verbs: ['update', 'patch'] },
    ],
  },
  {
    id: 'reach-nodes',
    text: 'reach pods through the kubelet of their nodes',
    defeats: ALL,
    where: 'cluster',
    rules: [
      { groups: [''], resources: ['nodes/proxy'], verbs: ['create', 'get'] },
    ],
  },
  {
    id: 'grant-roles',
    text: 'give themselves more rights',
    defeats: ALL,
    where: 'namespace',
    rules: [
      {
        groups: ['rbac.authorization.k8s.io'],
        resources: ['roles', 'clusterroles'],
        verbs: ['escalate', 'bind'],
      },
      {
        groups: [''],
        resources: ['users', 'groups'],
        verbs: ['impersonate'],
      },
    ],
  },
];
