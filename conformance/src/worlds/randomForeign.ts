import { Random } from './Random';
import { ForeignPolicy, Manifest } from './types';

type Labels = Readonly<Record<string, string>>;
type Directions = ForeignPolicy['directions'];

/** What a policy is about, before it is written in somebody's language. */
interface About {
  name: string;
  namespace: string;
  labels: Labels;
  directions: Directions;
}

/** One language of others: how it is written, and whether it names its namespace in the selector. */
interface Language {
  layer: ForeignPolicy['layer'];
  /** Says which direction it is about; absent: both. */
  isDirected?: boolean;
  write(about: About): Manifest;
}

function object(
  apiVersion: string,
  kind: string,
  { name, namespace }: Pick<About, 'name'> & Partial<Pick<About, 'namespace'>>,
  spec: Record<string, unknown>,
): Manifest {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return { apiVersion, kind, metadata, spec };
}

/** A list of one rule for each direction. */
const sections = (directions: Directions, rule: unknown) =>
  Object.fromEntries(directions.map(each => [each, [rule]]));

const inNamespace = (name: string) => ({
  matchLabels: { 'kubernetes.io/metadata.name': name },
});

const LANGUAGES: readonly Language[] = [
  {
    layer: 'kernel',
    isDirected: true,
    write: about =>
      object('cilium.io/v2', 'CiliumNetworkPolicy', about, {
        endpointSelector: { matchLabels: about.labels },
        ...sections(about.directions, {}),
      }),
  },
  {
    layer: 'kernel',
    isDirected: true,
    write: ({ name, namespace, labels, directions }) =>
      object(
        'cilium.io/v2',
        'CiliumClusterwideNetworkPolicy',
        { name },
        {
          endpointSelector: {
            matchLabels: {
              ...labels,
              'k8s:io.kubernetes.pod.namespace': namespace,
            },
          },
          ...sections(directions, {}),
        },
      ),
  },
  {
    layer: 'kernel',
    isDirected: true,
    write: about =>
      object('projectcalico.org/v3', 'NetworkPolicy', about, {
        selector: calico(about.labels),
        types: about.directions.map(
          each => `${each[0].toUpperCase()}${each.slice(1)}`,
        ),
      }),
  },
  {
    layer: 'kernel',
    write: ({ name, namespace, labels }) =>
      object(
        'crd.projectcalico.org/v1',
        'GlobalNetworkPolicy',
        { name },
        {
          selector: calico(labels),
          namespaceSelector: `projectcalico.org/name == '${namespace}'`,
          types: ['Ingress', 'Egress'],
        },
      ),
  },
  {
    layer: 'kernel',
    isDirected: true,
    write: about =>
      object('crd.antrea.io/v1beta1', 'NetworkPolicy', about, {
        priority: 5,
        appliedTo: [{ podSelector: { matchLabels: about.labels } }],
        ...sections(about.directions, { action: 'Drop' }),
      }),
  },
  {
    layer: 'kernel',
    isDirected: true,
    write: ({ name, namespace, labels, directions }) =>
      object(
        'policy.networking.k8s.io/v1alpha1',
        'AdminNetworkPolicy',
        { name },
        {
          priority: 9,
          subject: {
            pods: {
              namespaceSelector: inNamespace(namespace),
              podSelector: { matchLabels: labels },
            },
          },
          ...sections(directions, { action: 'Deny' }),
        },
      ),
  },
  {
    layer: 'kernel',
    write: about =>
      object('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', about, {
        podSelector: { matchLabels: about.labels },
        securityGroups: { groupIds: ['sg-1'] },
      }),
  },
  {
    layer: 'mesh',
    write: about =>
      object('networking.istio.io/v1alpha3', 'EnvoyFilter', about, {
        workloadSelector: { labels: about.labels },
        configPatches: [
          { applyTo: 'HTTP_FILTER', match: { context: 'SIDECAR_INBOUND' } },
        ],
      }),
  },
  {
    layer: 'mesh',
    write: about =>
      object('extensions.istio.io/v1alpha1', 'WasmPlugin', about, {
        selector: { matchLabels: about.labels },
        url: 'oci://example.com/filter',
      }),
  },
];

/** Calico's language of selectors. */
function calico(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([key, value]) => `${key} == '${value}'`,
  );
  return parts.length > 0 ? parts.join(' && ') : 'all()';
}

/** A policy of others about pods of a namespace with some labels, in a language at random. */
export function randomForeign(
  random: Random,
  { name, namespace, labels }: Pick<About, 'name' | 'namespace' | 'labels'>,
): ForeignPolicy {
  const { layer, isDirected, write } = random.one(LANGUAGES);
  const directions = isDirected
    ? random.some(['ingress', 'egress'] as const)
    : (['ingress', 'egress'] as const);
  return {
    manifest: write({ name, namespace, labels, directions }),
    layer,
    directions,
    namespace,
    labels,
  };
}
