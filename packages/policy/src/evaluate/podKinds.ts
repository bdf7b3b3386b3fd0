import { Cluster, Workload } from '../estate/types';
import { agree, verdictOf } from './agree';
import { combineReadings } from './istio/proxyBounds';
import { Bounds } from './networkpolicy/kernel';
import { Party, WorkloadParty, nameOf } from './party';
import { Tri } from './tri';
import { Condition, Hop } from './types';
import { LayeredBounds } from './ways/directBounds';

/** More kinds of pods than this are not told apart: what a pair may do is then not known. */
const MOST = 16;

/** A pair of pods, one of each end. */
export type PodPair<To extends Party = Party> = readonly [Party, To];

const expanded = new WeakMap<
  Cluster['workloads'],
  Pick<Cluster, 'workloads' | 'gateways'>
>();

/** Has any workload of the cluster pods of several kinds? */
export function hasKinds({ workloads }: Cluster): boolean {
  return workloads.some(({ kinds }) => kinds !== undefined);
}

/** The cluster with each kind of pods as a workload of its own, which policies select by its own labels. */
export function byKinds(cluster: Cluster): Cluster {
  const { workloads, gateways } = cluster;
  let known = expanded.get(workloads);
  if (!known) {
    const kindsOf = new Map(workloads.map(({ id, kinds }) => [id, kinds]));
    known = {
      workloads: workloads.flatMap(each => each.kinds ?? [each]),
      gateways: gateways.flatMap(gateway =>
        (kindsOf.get(gateway.workload) ?? [{ id: gateway.workload }]).map(
          ({ id }) => ({ ...gateway, workload: id }),
        ),
      ),
    };
    expanded.set(workloads, known);
  }
  return { ...cluster, ...known };
}

function isOfKinds(party: Party): boolean {
  return party.kind === 'workload' && party.workload.kinds !== undefined;
}

/** Does either end of a call have pods of several kinds? */
export function differByPods(from: Party, to: Party): boolean {
  return isOfKinds(from) || isOfKinds(to);
}

/** Are there more kinds than are told apart? */
export function areTooMany(from: Party, to: Party): boolean {
  return [from, to].some(
    party =>
      party.kind === 'workload' && (party.workload.kinds ?? []).length > MOST,
  );
}

/** The kinds of a party's pods, as parties of the world in which each is a workload of its own. */
export function podsOf<P extends Party>(
  party: P,
  partyOf: (cluster: Cluster, workload: Workload) => WorkloadParty,
): readonly P[] {
  if (party.kind === 'address') return [party];
  const { cluster, workload } = party as WorkloadParty;
  return (workload.kinds ?? [workload]).map(
    each => partyOf(cluster, each) as P,
  );
}

const MESH: Readonly<Record<Workload['mesh'], string>> = {
  sidecar: 'with a sidecar',
  ambient: 'in the ambient mesh',
  none: 'outside the mesh',
};

/** What tells a kind of pods from the others. */
function described(kind: Workload, others: readonly Workload[]): string {
  const differs = (of: (workload: Workload) => unknown) =>
    others.some(other => String(of(other)) !== String(of(kind)));
  const ports = ({ containerPorts }: Workload) =>
    containerPorts.map(({ port, name }) => (name ? `${name} ${port}` : port));
  const facts = [
    differs(({ mesh }) => mesh) ? MESH[kind.mesh] : '',
    differs(({ serviceAccount }) => serviceAccount)
      ? `as ${kind.serviceAccount}`
      : '',
    differs(({ hostNetwork }) => hostNetwork)
      ? `${kind.hostNetwork ? 'on' : 'off'} the host network`
      : '',
    differs(ports)
      ? `with the ports ${ports(kind).join(', ') || '(none)'}`
      : '',
  ].filter(Boolean);
  return facts.length > 0 ? `${kind.id} ${facts.join(', ')}` : kind.id;
}

/** The pods of an end differ in what decides, so that it depends on the pod. */
export function kindsDiffer(from: Party, to: Party): Condition[] {
  return [from, to].filter(isOfKinds).map((party): Condition => {
    const kinds = (party as WorkloadParty).workload.kinds ?? [];
    const some = kinds.slice(0, 4).map(kind => described(kind, kinds));
    const more = kinds.length > 4 ? [`${kinds.length - 4} more`] : [];
    return {
      kind: 'pods-differ',
      text: `The pods of ${nameOf(party)} differ: ${[...some, ...more].join(
        '; ',
      )}. Restart them where the older ones are to be as the newer.`,
    };
  });
}

/** What pairs of pods may do: surely what all may, possibly what any may. */
export function ofAllPods(
  pairs: readonly LayeredBounds[],
  differ: readonly Condition[],
): LayeredBounds {
  const [first] = pairs;
  const each = (layer: keyof LayeredBounds): Bounds =>
    pairs.every(pair => pair[layer] === first[layer])
      ? first[layer]
      : combineReadings(
          pairs.map(pair => pair[layer]),
          differ,
        );
  return { kernel: each('kernel'), mesh: each('mesh'), whole: each('whole') };
}

/** What is said to a call of pairs of pods: the hops are those of the pair that decides. */
export function answerOfAll(
  pairs: readonly { tri: Tri; hops: Hop[] }[],
  differ: readonly Condition[],
): { tri: Tri; hops: Hop[] } {
  const tri = agree(
    pairs.map(pair => pair.tri),
    differ,
  );
  const shown =
    pairs.find(pair => pair.tri.value === tri.value) ??
    pairs.find(pair => verdictOf(pair.tri) === 'deny') ??
    pairs[0];
  return { tri, hops: shown.hops };
}
