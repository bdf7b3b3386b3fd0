import { ALWAYS_EXCLUDED } from '../estate/meshOf';
import { Cluster, Workload } from '../estate/types';
import { EdgeEnd } from '../plan/types';
import { workloadsWithLabels } from '../plan/workloadIndex';
import {
  celText,
  hasEntry,
  hasLabels,
  isAnyOf,
  listsOnly,
} from './admissionExpressions';

/** One rule of an admission policy. */
export interface Validation {
  expression: string;
  message: string;
}

type Entry = readonly ['labels' | 'annotations', string];

/** What takes a pod out of the mesh. */
const BYPASSES: readonly Entry[] = [
  ['labels', 'sidecar.istio.io/inject'],
  ['annotations', 'sidecar.istio.io/inject'],
  ['labels', 'istio.io/dataplane-mode'],
  ['annotations', 'ambient.istio.io/bypass-inbound-capture'],
  ['annotations', 'traffic.sidecar.istio.io/excludeInterfaces'],
];

const INCLUDED = 'traffic.sidecar.istio.io/includeInboundPorts';
const EXCLUDED = 'traffic.sidecar.istio.io/excludeInboundPorts';

const entryOf = (workload: Workload, [field, key]: Entry) =>
  (field === 'labels' ? workload.podLabels : workload.annotations)[key];

/** True where an entry is as one of the workloads has it. */
function asNow(workloads: readonly Workload[], entry: Entry): string {
  const values = [...new Set(workloads.map(each => entryOf(each, entry)))];
  return `(${values.map(value => hasEntry(...entry, value)).join(' || ')})`;
}

/**
 * Ports stay captured. Where Istio's CNI plugin is used, the injector writes both annotations itself, before these rules
 * are asked: everything included, and its own ports excluded (istio `injection-template.yaml`).
 */
function portsStayCaptured(workloads: readonly Workload[]): string[] {
  const included = workloads.map(
    ({ annotations }) => annotations[INCLUDED] ?? '*',
  );
  const excluded = [
    ...ALWAYS_EXCLUDED,
    ...workloads.flatMap(({ inboundExcludedPorts }) => inboundExcludedPorts),
  ];
  return [
    isAnyOf('annotations', INCLUDED, ['*', ...included]),
    listsOnly('annotations', EXCLUDED, excluded.map(String)),
  ];
}

/**
 * What holds for pods that carry the labels which network policies select: one service account, so that both layers mean the
 * same workload, and as much of the mesh as the estate has now. A selector may be shared by workloads that have the same
 * access: what any of them has is admitted.
 */
export function podValidations(end: EdgeEnd, cluster: Cluster): Validation[] {
  const workloads = workloadsWithLabels(
    cluster,
    end.namespace,
    end.selector,
  ).filter(({ runsOn }) => runsOn === 'pods');
  if (workloads.length === 0) return [];
  const others = `!${hasLabels(end.selector)}`;
  const accounts = [
    ...new Set(workloads.map(({ serviceAccount }) => serviceAccount)),
  ].sort();
  const account =
    "(has(object.spec.serviceAccountName) ? object.spec.serviceAccountName : 'default')";
  const sameAtBothLayers: Validation = {
    expression: `${others} || ${account} in [${accounts
      .map(celText)
      .join(', ')}]`,
    message: `Pods with the labels of ${
      end.id
    } run under the service account ${accounts.join(' or ')}.`,
  };
  if (workloads.some(({ mesh }) => mesh === 'none')) return [sameAtBothLayers];
  const inMesh = [
    ...BYPASSES.map(entry => asNow(workloads, entry)),
    ...portsStayCaptured(workloads),
    '!(has(object.spec.hostNetwork) && object.spec.hostNetwork)',
  ];
  return [
    sameAtBothLayers,
    {
      expression: `${others} || (${inMesh.join(' && ')})`,
      message: `Pods of ${end.id} stay in the mesh, with the same ports, and off the host's network.`,
    },
  ];
}
