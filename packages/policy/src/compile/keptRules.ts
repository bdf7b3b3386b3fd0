import type { KubernetesObject } from '../estate/types';
import type { Opened } from '../emit/opened';
import { asBlock } from '../net/cidr';
import type { HeldEnds } from './heldEnds';
import type { HeldLimit } from './heldLimit';
import { type MeshAccess, meshAccess, meshRules } from './keptMesh';
import {
  type NetworkAccess,
  networkAccess,
  networkRules,
  openedByNetwork,
} from './keptNetwork';
import {
  NAMESPACE,
  type Peer,
  type RuleFields,
  type Source,
} from './ruleFields';

/** What objects in force keep open for held grants, of one object or of several about the same pods. */
export interface KeptRules {
  mesh: readonly MeshAccess[];
  network: readonly NetworkAccess[];
}

/** Limits of an object in force for one grant. */
export interface HeldLimits {
  target: () => HeldLimit;
  peer: (peer: Peer) => HeldLimit;
}

/**
 * The rules of a generated object that are about the callers of a held grant, cut down to them and to what may stay;
 * nothing where there is none. They open what the object opens, for fewer.
 */
export function keptRules(
  object: KubernetesObject,
  ends: HeldEnds,
  limits: HeldLimits,
): KeptRules | undefined {
  const spec = (object.spec ?? {}) as RuleFields;
  const kept: KeptRules = {
    mesh:
      object.kind === 'AuthorizationPolicy'
        ? meshAccess(
            spec.rules ?? [],
            source => keptSource(source, ends),
            limits.target(),
          )
        : [],
    network:
      object.kind === 'NetworkPolicy' ? keptNetwork(object, ends, limits) : [],
  };
  return kept.mesh.length + kept.network.length > 0 ? kept : undefined;
}

function keptNetwork(
  { metadata, spec }: KubernetesObject,
  ends: HeldEnds,
  limits: HeldLimits,
): NetworkAccess[] {
  const { policyTypes, podSelector, ingress, egress } = spec as RuleFields;
  if (policyTypes?.includes('Egress'))
    // It opens the calls of one caller of the API, which is who is held.
    return isAbout(podSelector, metadata.namespace, ends)
      ? networkAccess(egress ?? [], () => true, limits.peer)
      : [];
  const limit = limits.target();
  return networkAccess(
    ingress ?? [],
    peer => isPeer(peer, ends),
    () => limit,
  );
}

/** The fields of an object with rules that keep exactly this open. */
export function specOf(
  object: KubernetesObject,
  { mesh, network }: KeptRules,
): Record<string, unknown> {
  const spec = { ...((object.spec ?? {}) as Record<string, unknown>) };
  if (object.kind === 'AuthorizationPolicy')
    return { ...spec, rules: meshRules(mesh) };
  return (spec as RuleFields).policyTypes?.includes('Egress')
    ? { ...spec, egress: networkRules(network, 'to') }
    : { ...spec, ingress: networkRules(network, 'from') };
}

/** What kept rules open, whoever they are for. */
export function openedByKept({ mesh, network }: KeptRules): Opened[] {
  return [
    ...mesh.flatMap(({ opened }) => opened ?? []),
    ...openedByNetwork(network),
  ];
}

function keptSource(source: Source, ends: HeldEnds): Source | undefined {
  if (source.principals) {
    const principals = source.principals.filter(each =>
      ends.principals.has(each),
    );
    return principals.length > 0 ? { ...source, principals } : undefined;
  }
  if (!source.notPrincipals || !ends.plaintext) return undefined;
  if (!source.ipBlocks) return source;
  const ipBlocks = source.ipBlocks.filter(each => ends.blocks.has(each));
  return ipBlocks.length > 0 ? { ...source, ipBlocks } : undefined;
}

function isPeer(peer: Peer, ends: HeldEnds): boolean {
  if (peer.ipBlock)
    return (
      typeof peer.ipBlock.cidr === 'string' &&
      ends.blocks.has(asBlock(peer.ipBlock.cidr))
    );
  return isAbout(
    peer.podSelector,
    peer.namespaceSelector?.matchLabels?.[NAMESPACE],
    ends,
  );
}

/** Whether a selector is about pods of one of the callers. Generated ones for callers always name labels. */
function isAbout(
  selector: unknown,
  namespace: string | undefined,
  { workloads }: HeldEnds,
): boolean {
  const labels = Object.entries(
    (selector as Peer['podSelector'])?.matchLabels ?? {},
  );
  return (
    labels.length > 0 &&
    workloads.some(
      workload =>
        workload.namespace === namespace &&
        labels.every(([key, value]) => workload.podLabels[key] === value),
    )
  );
}
