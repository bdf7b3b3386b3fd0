import { type Opened, readOpens } from '../emit/opened';
import { workloadsOf } from '../estate';
import type {
  Cluster,
  KubernetesObject,
  Service,
  Workload,
} from '../estate/types';
import type { AccessPolicy } from '../model/types';
import { HBONE_PORT } from '../plan/routeOf';
import { workloadsWithLabels } from '../plan/workloadIndex';
import type { HeldBound, HeldOperations } from './heldOperations';
import { type InForce, selectedBy } from './inForce';
import { NAMESPACE, type Peer, type RuleFields } from './ruleFields';

/**
 * What may stay of an object in force for one held grant. Rules name no grant: what another grant of the same caller opened
 * would stay with it, also when that one is ended or cut down. So what stays is what the grant itself names:
 *
 * - Operations that can be resolved bound it exactly, whatever the grant is held for.
 * - For an operation that nothing resolves (it vanished from the definition, or that cannot be read) it is what the object says to open
 *   for the grant (`callgate.dev/opens`), on the API's port. An object that names one grant has nothing else.
 * - Objects of earlier releases do not say it. There what is in force stays as long as every grant that they name is still
 *   declared; beside one that has ended nobody can tell whose it was, and it goes. A meaning says so (`lost`).
 */
export interface HeldLimit {
  /** what may stay; undefined for all that is in force */
  opened: readonly Opened[] | undefined;
  /** methods are no matter here: whoever enforces it knows ports alone */
  portsOnly: boolean;
}

/** The limit of an object that lets callers in. */
export function limitOfTarget(
  each: InForce,
  grantId: string,
  policy: AccessPolicy,
  operations: HeldOperations,
  cluster: Cluster,
): HeldLimit {
  const { object } = each;
  const workloads = selectedBy(object, cluster)?.workloads ?? [];
  const service = serviceOf(object, cluster);
  const bound = service
    ? operations.atService(service)
    : operations.at(workloads);
  return {
    opened: within(bound, recordedFor(each, grantId, policy)),
    portsOnly:
      object.kind === 'NetworkPolicy' ||
      (!service && workloads.some(({ mesh }) => mesh === 'ambient')),
  };
}

/** The limit of an object that lets a caller out, to one of those that it may call. */
export function limitOfPeer(
  each: InForce,
  grantId: string,
  policy: AccessPolicy,
  operations: HeldOperations,
  cluster: Cluster,
): (peer: Peer) => HeldLimit {
  const recorded = recordedFor(each, grantId, policy);
  return ({ ipBlock, namespaceSelector, podSelector }) => {
    const namespace = namespaceSelector?.matchLabels?.[NAMESPACE];
    const bound = ipBlock
      ? operations.atAddresses()
      : operations.at(
          workloadsWithLabels(
            cluster,
            namespace ?? '',
            podSelector?.matchLabels ?? {},
          ),
        );
    return { opened: within(bound, recorded), portsOnly: true };
  };
}

/** What the object says to open for the grant; `all` where all of it is, or may be, the grant's. */
function recordedFor(
  { grants, object }: InForce,
  grantId: string,
  { spec }: AccessPolicy,
): readonly Opened[] | 'all' {
  if (grants.size <= 1) return 'all';
  const opens = readOpens(object.metadata.annotations ?? {});
  if (opens) return opens.get(grantId) ?? [];
  const declared = new Set(spec.grants.map(({ id }) => id));
  return [...grants].every(id => declared.has(id)) ? 'all' : [];
}

function within(
  { opened, more }: HeldBound,
  recorded: readonly Opened[] | 'all',
): readonly Opened[] | undefined {
  if (recorded === 'all')
    return more === 'any'
      ? undefined
      : [
          ...opened,
          ...[...more].map(port => ({ protocol: 'TCP', port } as const)),
        ];
  return [
    ...opened,
    ...recorded.filter(
      ({ protocol, port }) =>
        more === 'any' ||
        (protocol === 'TCP' && more.size > 0 && port === HBONE_PORT) ||
        (protocol === 'TCP' && more.has(port)),
    ),
  ];
}

/** Workloads that an object lets be called, at their own proxy or at the waypoint before a Service. */
export function providersBehind(
  object: KubernetesObject,
  cluster: Cluster,
): readonly Workload[] {
  const service = serviceOf(object, cluster);
  if (service) return workloadsOf(cluster, service);
  const selected = selectedBy(object, cluster);
  return selected?.direction === 'ingress' ? selected.workloads : [];
}

function serviceOf(
  { metadata, spec }: KubernetesObject,
  { services }: Cluster,
): Service | undefined {
  const refs = (spec as RuleFields | undefined)?.targetRefs;
  const [ref] = Array.isArray(refs) ? refs : [];
  return ref?.kind === 'Service'
    ? services.find(
        ({ namespace, name }) =>
          namespace === metadata.namespace && name === ref.name,
      )
    : undefined;
}
