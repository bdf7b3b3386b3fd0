import { PlatformProfile } from '../profile/types';
import { StatedPods } from '../profile/WorkloadKind';
import {
  Json,
  asArray,
  asJson,
  asLabels,
  asText,
  fieldAt,
  isJson,
  asNumber,
} from './json';
import { statedPods } from './statedPods';
import { ContainerPort, KubernetesObject, Protocol } from './types';

/** Where the kinds that everybody knows keep their pod template. The key is `group/Kind`. */
const TEMPLATE_PATHS: readonly [string, string][] = [
  ['/Pod', ''],
  ['/ReplicationController', 'spec.template'],
  ['apps/Deployment', 'spec.template'],
  ['apps/StatefulSet', 'spec.template'],
  ['apps/DaemonSet', 'spec.template'],
  ['apps/ReplicaSet', 'spec.template'],
  ['extensions/Deployment', 'spec.template'],
  ['extensions/DaemonSet', 'spec.template'],
  ['batch/Job', 'spec.template'],
  ['batch/CronJob', 'spec.jobTemplate.spec.template'],
  ['argoproj.io/Rollout', 'spec.template'],
  ['serving.knative.dev/Service', 'spec.template'],
  ['serving.knative.dev/Configuration', 'spec.template'],
  ['apps.openshift.io/DeploymentConfig', 'spec.template'],
  ['/DeploymentConfig', 'spec.template'],
];

/** Where objects of a kind keep their pod templates, and the pods that the profile states for it. */
interface Places {
  paths: readonly string[];
  stated: readonly StatedPods[];
}

const NOWHERE: Places = { paths: [], stated: [] };

const BUILT_IN: ReadonlyMap<string, Places> = new Map(
  TEMPLATE_PATHS.map(([kind, path]) => [kind, { paths: [path], stated: [] }]),
);

/**
 * The part of an apiVersion before its slash; empty for the core group.
 *
 * @public
 */
export function groupOf(object: KubernetesObject): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? '' : object.apiVersion.slice(0, slash);
}

/** What a workload's pods look like, as far as access depends on it. */
export interface PodTemplate {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  serviceAccount: string;
  hostNetwork: boolean;
  ports: ContainerPort[];
  /** Ports of its containers are ports of the node too (`hostPort`). */
  hasHostPorts?: true;
  /** What the proxy among its containers is there for; absent: its manifest shows none. */
  proxy?: ProxyRole;
  /** It is a pod that the API server took: what was to be injected is in it, and what is not in it never comes. */
  isLive?: true;
}

/** The part of a proxy of Istio: beside an application, at the edge of the mesh, or that of a node. */
export type ProxyRole = 'sidecar' | 'router' | 'ztunnel';

/** Of a container `istio-proxy`, which its arguments tell (istio `pilot-agent proxy sidecar|router|waypoint`, `ztunnel proxy ztunnel`). */
function proxyRole(containers: readonly unknown[]): ProxyRole | undefined {
  const proxy = containers
    .map(asJson)
    .find(container => container.name === 'istio-proxy');
  if (!proxy) return undefined;
  const words = [...asArray(proxy.command), ...asArray(proxy.args)];
  if (words.includes('ztunnel')) return 'ztunnel';
  return words.includes('router') ? 'router' : 'sidecar';
}

/** Init containers that go on running beside the others, and are what Kubernetes calls sidecars. */
function restartable(spec: Json): readonly unknown[] {
  return asArray(spec.initContainers).filter(
    container => asJson(container).restartPolicy === 'Always',
  );
}

/**
 * Does a Pod come from a cluster, rather than from a folder of manifests? Controllers, the scheduler and the API server leave
 * traces that nobody writes by hand. One without containers is a remnant, and shows nothing.
 */
function isLivePod({
  kind,
  metadata,
  spec,
  status,
}: KubernetesObject): boolean {
  const { nodeName, containers } = asJson(spec);
  const traces = [metadata.uid, nodeName, asJson(status).phase];
  return (
    kind === 'Pod' &&
    asArray(containers).length > 0 &&
    (asArray(metadata.ownerReferences).length > 0 ||
      traces.some(trace => asText(trace) !== undefined))
  );
}

function protocolOf(value: unknown): Protocol {
  return value === 'UDP' || value === 'SCTP' ? value : 'TCP';
}

function portsOf(spec: Json): ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const container of [...asArray(spec.containers), ...restartable(spec)]) {
    for (const entry of asArray(asJson(container).ports)) {
      const port = asJson(entry).containerPort;
      if (typeof port !== 'number') continue;
      const name = asText(asJson(entry).name);
      ports.push({
        ...(name ? { name } : {}),
        port,
        protocol: protocolOf(asJson(entry).protocol),
      });
    }
  }
  return ports;
}

/** Of containers on the node's own network the API server fills it in, which says nothing more than `hostNetwork`. */
function hasHostPorts(spec: Json): boolean {
  return (
    spec.hostNetwork !== true &&
    [...asArray(spec.containers), ...restartable(spec)]
      .flatMap(container => asArray(asJson(container).ports))
      .some(port => asNumber(asJson(port).hostPort ?? 0) > 0)
  );
}

/** One of the pod templates of an object. */
export interface PlacedTemplate {
  template: PodTemplate;
  /** What tells it from the others of the object, such as `leader` or `groups.0`; absent where it is the only one. */
  part?: string;
  /** Where it stands in the object, as steps. */
  at: readonly (string | number)[];
  /** The object has no template: the profile states what its operator makes. */
  isStated?: true;
}

/** Values at a dotted path; a step that ends in `[]` stands for every item of a list. */
function valuesAt(object: unknown, path: string): [string, unknown][] {
  let found: [string, unknown][] = [['', object]];
  for (const step of path === '' ? [] : path.split('.')) {
    const field = step.replace(/\[\]$/, '');
    found = found.flatMap(([at, value]): [string, unknown][] => {
      const next = asJson(value)[field];
      const here = at === '' ? field : `${at}.${field}`;
      return step === field
        ? [[here, next]]
        : asArray(next).map((item, index) => [`${here}.${index}`, item]);
    });
  }
  return found;
}

function placesOf(
  object: KubernetesObject,
  { workloadKinds }: PlatformProfile,
): Places {
  const group = groupOf(object);
  const own = workloadKinds.filter(
    entry => entry.group === group && entry.kind === object.kind,
  );
  if (own.length === 0)
    return BUILT_IN.get(`${group}/${object.kind}`) ?? NOWHERE;
  const paths = own.flatMap(entry =>
    'templatePath' in entry ? [entry.templatePath] : [],
  );
  const stated = own.flatMap(entry => ('pods' in entry ? [entry.pods] : []));
  return { paths: [...new Set(paths)], stated };
}

/** Has the object a pod template, or pods that are stated? Told without reading any. */
export function hasPodTemplate(
  object: KubernetesObject,
  profile: PlatformProfile,
): boolean {
  const { paths, stated } = placesOf(object, profile);
  return (
    stated.length > 0 ||
    paths.some(path =>
      valuesAt(object, path).some(([, value]) => isJson(value)),
    )
  );
}

/** The pod templates of an object: none for kinds without one, several where the profile states several for its kind. */
export function podTemplatesOf(
  object: KubernetesObject,
  profile: PlatformProfile,
): PlacedTemplate[] {
  const { paths, stated } = placesOf(object, profile);
  if (paths.length === 0 && stated.length === 0) return [];
  const isLive = groupOf(object) === '' && isLivePod(object);
  const found = paths
    .flatMap(path => valuesAt(object, path))
    .flatMap(([at, value]): PlacedTemplate[] => {
      const part = at.replace(/^spec\.|(\.|^)template$/g, '');
      if (!isJson(value)) return [];
      const template = readTemplate(value);
      const steps = at.split('.').filter(step => step !== '');
      return [
        {
          template: isLive ? { ...template, isLive } : template,
          part,
          at: steps.map(step => (/^\d+$/.test(step) ? Number(step) : step)),
        },
      ];
    });
  const all = [
    ...found,
    ...stated.map((pods, index): PlacedTemplate => {
      const part = `pods.${index}`;
      return {
        template: statedPods(object, pods),
        part,
        at: [],
        isStated: true,
      };
    }),
  ];
  return all.length > 1 ? all : all.map(({ part: _, ...alone }) => alone);
}

/** The first pod template of an object, or `undefined` for kinds without one. */
export function podTemplateOf(
  object: KubernetesObject,
  profile: PlatformProfile,
): PodTemplate | undefined {
  return podTemplatesOf(object, profile)[0]?.template;
}

function readTemplate(template: Json): PodTemplate {
  const metadata = asJson(template.metadata);
  const spec = asJson(template.spec);
  const proxy = proxyRole([...asArray(spec.containers), ...restartable(spec)]);
  return {
    labels: asLabels(metadata.labels),
    annotations: asLabels(metadata.annotations),
    serviceAccount:
      asText(spec.serviceAccountName) ??
      asText(spec.serviceAccount) ??
      'default',
    hostNetwork: spec.hostNetwork === true,
    ports: portsOf(spec),
    ...(hasHostPorts(spec) ? { hasHostPorts: true } : {}),
    ...(proxy ? { proxy } : {}),
  };
}

/** Can several of its pods run at the same time? */
export function replicasOf(object: KubernetesObject): 'one' | 'many' {
  const spec = asJson(object.spec);
  switch (object.kind) {
    case 'DaemonSet':
      return 'many';
    case 'Pod':
      return 'one';
    case 'Job':
      return asNumber(spec.parallelism ?? 1) > 1 ? 'many' : 'one';
    case 'CronJob': {
      const job = asJson(fieldAt(spec, 'jobTemplate.spec'));
      return asNumber(job.parallelism ?? 1) > 1 ? 'many' : 'one';
    }
    default:
      return asNumber(spec.replicas ?? 1) > 1 ? 'many' : 'one';
  }
}
