import { namespaceOf } from '../../estate/buildCluster';
import { asJson } from '../../estate/json';
import { podTemplateOf } from '../../estate/podTemplates';
import { probesOf } from '../../estate/probesOf';
import type { Cluster, ManifestObject, Workload } from '../../estate/types';
import { isVouchedFor } from '../discover/discoverCni';
import { placeOf } from '../discover/Evidence';
import { nameOf, PlatformObjects } from '../discover/PlatformObjects';
import type { ProbeReport, ProbeWay, ProfileSource } from './types';

/** Probes that come over the network; `exec` runs in the container. */
const KINDS = ['httpGet', 'grpc', 'tcpSocket'];

const WAYS: readonly ProbeWay['way'][] = [
  'node',
  'address',
  'refused',
  'unknown',
];

const LOCALHOST = 'allow-localhost';

/**
 * How the kubelet's probes get to workloads that are closed by network policies. Kubernetes lets the node in on which a pod
 * runs, whatever policies say ("Network Policies"); so do its plugins, but for a Cilium that is told otherwise. Probes of
 * ambient pods come from the address that Istio's CNI gives them (docs/semantics.md, N10), which generated policies admit.
 *
 * Whether a policy that is there already closes them is what the finding `probes-closed` says, and whether a sidecar refuses
 * them `probe-rewrite-off`.
 */
export function probeReport(
  cluster: Cluster,
  platform: PlatformObjects,
): ProbeReport {
  const byId = new Map(cluster.workloads.map(each => [each.id, each]));
  const closedBy = keepsNodesOut(platform);
  const found = cluster.objects.flatMap(manifest => {
    const { object } = manifest;
    if (!podTemplateOf(object, cluster.profile)) return [];
    const workload = byId.get(
      `${namespaceOf(object)}/${object.kind}/${object.metadata.name}`,
    );
    const probes = workload ? probesOf(manifest, workload, KINDS) : [];
    if (!workload || probes.length === 0) return [];
    const ports = probes.flatMap(({ port }) => port ?? []);
    const way = wayOf(cluster, workload, closedBy !== undefined);
    return [{ way, id: workload.id, ports }];
  });
  const ways = WAYS.flatMap((way): ProbeWay[] => {
    const own = found.filter(each => each.way === way);
    if (own.length === 0) return [];
    const ports = new Set(own.flatMap(each => each.ports));
    const [example] = own.map(({ id }) => id).sort();
    return [
      {
        way,
        workloads: own.length,
        ports: [...ports].sort((a, b) => a - b),
        example,
      },
    ];
  });
  const isThere = (way: ProbeWay['way']) => ways.some(each => each.way === way);
  const addresses = cluster.profile.probes.flatMap(({ cidrs }) => cidrs ?? []);
  return {
    workloads: found.length,
    ways,
    ...(isThere('address') && { addresses }),
    ...(isThere('refused') && closedBy && { closedBy }),
  };
}

function wayOf(
  { profile }: Cluster,
  { mesh, meshIsGuess, hostNetwork }: Workload,
  isNodeKeptOut: boolean,
): ProbeWay['way'] {
  // No policy selects it.
  if (hostNetwork) return 'node';
  if (meshIsGuess) return 'unknown';
  if (mesh === 'ambient')
    return profile.probes.length > 0 ? 'address' : 'refused';
  return isNodeKeptOut ? 'refused' : 'node';
}

/**
 * A Cilium that lets its own node in only where a policy does (cilium `pkg/option`, `AllowLocalhostPolicy`); on Kubernetes it
 * lets it in unless it is told so.
 */
function keepsNodesOut(platform: PlatformObjects): ProfileSource | undefined {
  const isSo = ({ object }: ManifestObject) => {
    const value = asJson(object.data)[LOCALHOST];
    return typeof value === 'string' && value.trim().toLowerCase() === 'policy';
  };
  const [config] = platform
    .named('/ConfigMap', 'cilium-config', ['kube-system', 'cilium'])
    .filter(each => isSo(each) && isVouchedFor(platform, 'cilium', each));
  return (
    config && {
      value: 'policy',
      object: nameOf(config),
      at: placeOf(config, ['data', LOCALHOST]),
    }
  );
}
