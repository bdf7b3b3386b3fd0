import {
  asArray,
  asJson,
  asText,
  defined,
  inOrder,
  pick,
  type Json,
} from '../json';
import { BOUNDS, isDeep } from './leaveOut';
import { reducePodSpec, reduceTemplate, withoutNoise } from './reduceTemplate';

/**
 * Another number when what is kept of objects, or how files are named, is another: what was read before is then none.
 *
 * @public
 */
export const FORM = 2;

/**
 * How much of a kind is kept: see `reduceObject`.
 *
 * @public
 */
export type Form =
  | 'cilium-config'
  | 'endpoints'
  | 'filter'
  | 'gateway'
  | 'identity'
  | 'istio-cni-config'
  | 'mesh-config'
  | 'metadata'
  | 'node'
  | 'pod'
  | 'proxy-config'
  | 'scaler'
  | 'service'
  | 'webhooks'
  | 'whole'
  | 'workload';

/** Of a Pod's annotations those of Istio, of scrapers and of owners count; network plugins write others into each Pod. */
const OF_PODS =
  /(^|\.)(istio\.io|prometheus\.io|callgate\.dev|backstage\.io)\//;
const STATUS_OF_INJECTION = 'sidecar.istio.io/status';

/** What the core reads of `cilium-config` (packages/policy, `discoverCilium`, `probeReport`). */
const OF_CILIUM = [
  'allow-localhost',
  'cluster-pool-ipv4-cidr',
  'cluster-pool-ipv6-cidr',
  'enable-k8s-networkpolicy',
  'enable-l7-proxy',
  'enable-policy',
  'ipam',
  'policy-cidr-match-mode',
];

/** From which addresses probes of ambient pods come. */
const OF_ISTIO_CNI = ['HOST_PROBE_SNAT_IP', 'HOST_PROBE_SNAT_IPV6'];

/** That there are several is all that counts: an autoscaler at work changes nothing. */
const MANY = 2;

/**
 * An object with what decides about access, its keys in order. What it leaves out: `managedFields`, `status` but for
 * addresses, phases and whether there are pods, what was applied last, and what may hold secrets: variables, commands and
 * arguments of containers, values of filters, data of ConfigMaps but a few keys by name.
 *
 * @param raw - as the API server sent it
 * @returns nothing for what is nested deeper than `BOUNDS.levels`: whoever follows it, here or where it is read again, may fail
 */
export function reduceObject(
  raw: Json,
  { apiVersion, kind, form }: { apiVersion: string; kind: string; form: Form },
): Json | undefined {
  let kept: Json;
  try {
    const { spec, status, data, webhooks } = reduced(raw, form);
    kept = defined({
      ...(form === 'endpoints'
        ? pick(raw, ['addressType', 'endpoints', 'ports'])
        : {}),
      apiVersion,
      kind,
      metadata: reduceMetadata(raw.metadata, form),
      spec,
      status,
      data,
      webhooks,
    });
  } catch (error) {
    // What is nested so deep that even to look at it is too much.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return isDeep(kept, BOUNDS.levels) ? undefined : (inOrder(kept) as Json);
}

function reduceMetadata(value: unknown, form: Form): Json {
  const metadata = asJson(value);
  const owners = asArray(metadata.ownerReferences).map(each =>
    pick(each, ['apiVersion', 'kind', 'name', 'controller']),
  );
  const annotations =
    form === 'pod'
      ? annotationsOfPod(metadata.annotations)
      : withoutNoise(metadata.annotations);
  return defined({
    name: metadata.name,
    namespace: asText(metadata.namespace),
    ...(form === 'node' ? {} : { labels: metadata.labels, annotations }),
    // Istio asks which of two is the older one; of Pods nobody does.
    creationTimestamp: form === 'pod' ? undefined : metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    ownerReferences: owners.length > 0 ? owners : undefined,
  });
}

function annotationsOfPod(annotations: unknown): Json | undefined {
  const kept = Object.entries(asJson(annotations)).filter(
    ([key]) => OF_PODS.test(key) && key !== STATUS_OF_INJECTION,
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

const NOTHING = {
  spec: undefined,
  status: undefined,
  data: undefined,
  webhooks: undefined,
};

function reduced(
  raw: Json,
  form: Form,
): { spec: unknown; status: unknown; data: unknown; webhooks: unknown } {
  const spec = asJson(raw.spec);
  const status = asJson(raw.status);
  switch (form) {
    case 'whole':
      return { ...NOTHING, spec: raw.spec };
    case 'service':
      return {
        ...NOTHING,
        spec: raw.spec,
        status: nonEmpty({ loadBalancer: nonEmpty(addressesOf(status)) }),
      };
    case 'gateway':
      return {
        ...NOTHING,
        spec: raw.spec,
        status: nonEmpty(statusOfGateway(status)),
      };
    case 'node':
      return {
        ...NOTHING,
        spec: nonEmpty(pick(spec, ['podCIDR', 'podCIDRs'])),
        status: nonEmpty(pick(status, ['addresses'])),
      };
    case 'pod':
      return {
        ...NOTHING,
        spec: reducePodSpec(spec, { isPod: true }),
        status: nonEmpty(pick(status, ['phase'])),
      };
    case 'workload':
      return {
        ...NOTHING,
        spec: workloadSpec(spec),
        status: nonEmpty(withCount(pick(status, ['replicas']), 'replicas', 1)),
      };
    case 'scaler':
      return {
        ...NOTHING,
        spec: pick(spec, ['scaleTargetRef', 'maxReplicas', 'maxReplicaCount']),
      };
    case 'mesh-config':
      return { ...NOTHING, data: pick(raw.data, ['mesh']) };
    case 'cilium-config':
      return { ...NOTHING, data: pick(raw.data, OF_CILIUM) };
    case 'istio-cni-config':
      return { ...NOTHING, data: pick(raw.data, OF_ISTIO_CNI) };
    case 'filter':
      return { ...NOTHING, spec: filterSpec(spec) };
    case 'proxy-config':
      return { ...NOTHING, spec: proxyConfigSpec(spec) };
    case 'webhooks':
      return {
        ...NOTHING,
        webhooks: asArray(raw.webhooks).map(each =>
          defined({
            ...pick(each, [
              'name',
              'namespaceSelector',
              'objectSelector',
              'rules',
              'failurePolicy',
            ]),
            clientConfig: askedService(each),
          }),
        ),
      };
    default:
      return NOTHING;
  }
}

/** Which Service a webhook asks: of Istio's, it says where istiod is. */
function askedService(webhook: unknown): Json | undefined {
  const { service } = asJson(asJson(webhook).clientConfig);
  return service === undefined
    ? undefined
    : { service: pick(service, ['name', 'namespace']) };
}

function nonEmpty(object: Json): Json | undefined {
  const kept = defined(object);
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** `ip` and `hostname` of a load balancer. */
function addressesOf(status: Json): Json {
  const { ingress } = asJson(status.loadBalancer);
  if (ingress === undefined) return {};
  return {
    ingress: asArray(ingress).map(each => pick(each, ['ip', 'hostname'])),
  };
}

/** Where a Gateway is to be found, and whether it was set up; not since when, nor in whose words. */
function statusOfGateway({ addresses, conditions }: Json): Json {
  const programmed = asArray(conditions)
    .map(each => pick(each, ['type', 'status']))
    .filter(({ type }) => type === 'Programmed');
  return defined({
    addresses:
      addresses === undefined
        ? undefined
        : asArray(addresses).map(each => pick(each, ['type', 'value'])),
    conditions: programmed.length > 0 ? programmed : undefined,
  });
}

/** With a number that is at most so large. */
function withCount(object: Json, name: string, most: number): Json {
  const count = object[name];
  return typeof count === 'number' && count > most
    ? { ...object, [name]: most }
    : object;
}

const KEPT_OF_WORKLOADS = [
  'completionMode',
  'parallelism',
  'replicas',
  'selector',
];

function workloadSpec(spec: Json): Json {
  const { template, jobTemplate } = spec;
  const own = ['parallelism', 'replicas'].reduce<Json>(
    (kept, name) => withCount(kept, name, MANY),
    pick(spec, KEPT_OF_WORKLOADS),
  );
  return defined({
    ...own,
    template: template === undefined ? undefined : reduceTemplate(template),
    jobTemplate:
      jobTemplate === undefined
        ? undefined
        : { spec: workloadSpec(asJson(asJson(jobTemplate).spec)) },
  });
}

/** Of an EnvoyFilter or WasmPlugin: whom it is about. What it does is not judged, and may hold keys. */
function filterSpec(spec: Json): Json {
  const patches = spec.configPatches;
  return defined({
    ...pick(spec, [
      'match',
      'phase',
      'priority',
      'selector',
      'targetRef',
      'targetRefs',
      'workloadSelector',
    ]),
    configPatches:
      patches === undefined
        ? undefined
        : asArray(patches).map(each => {
            const { applyTo, match } = asJson(each);
            return defined({
              applyTo,
              match: match === undefined ? undefined : pick(match, ['context']),
            });
          }),
  });
}

/** A ProxyConfig with the variables that say who takes HBONE. */
function proxyConfigSpec(spec: Json): Json {
  const variables = Object.entries(asJson(spec.environmentVariables)).filter(
    ([name]) => name.includes('_HBONE'),
  );
  return defined({
    ...pick(spec, ['selector']),
    environmentVariables:
      variables.length > 0 ? Object.fromEntries(variables) : undefined,
  });
}
