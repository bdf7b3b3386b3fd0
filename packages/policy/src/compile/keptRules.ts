import type { KubernetesObject } from '../estate/types';
import { asBlock } from '../net/cidr';
import type { HeldEnds } from './heldEnds';

/** Fields of generated objects that rules stand in. */
interface RuleFields {
  policyTypes?: readonly string[];
  ingress?: readonly { from?: readonly Peer[]; ports?: unknown }[];
  egress?: readonly { to?: readonly Peer[]; ports?: unknown }[];
  rules?: readonly { from?: readonly { source?: Source }[]; to?: unknown }[];
}

interface Peer {
  namespaceSelector?: { matchLabels?: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr?: string };
}

interface Source {
  principals?: readonly string[];
  notPrincipals?: readonly string[];
  ipBlocks?: readonly string[];
}

const NAMESPACE = 'kubernetes.io/metadata.name';

/**
 * The rules of a generated object that are about the callers of a held grant, cut down to them; nothing where there is
 * none. They open what the object opens, for fewer.
 */
export function keptRules(
  object: KubernetesObject,
  ends: HeldEnds,
): Record<string, unknown> | undefined {
  const spec = (object.spec ?? {}) as RuleFields & Record<string, unknown>;
  if (object.kind === 'AuthorizationPolicy') {
    const rules = (spec.rules ?? []).flatMap(rule => {
      const from = (rule.from ?? []).flatMap(({ source }) => {
        const kept = source && keptSource(source, ends);
        return kept ? [{ source: kept }] : [];
      });
      return from.length > 0 ? [{ ...rule, from }] : [];
    });
    return rules.length > 0 ? { ...spec, rules } : undefined;
  }
  if (object.kind !== 'NetworkPolicy') return undefined;
  if (spec.policyTypes?.includes('Egress'))
    // It opens the calls of one caller of the API, which is who is held.
    return isAbout(spec.podSelector, object.metadata.namespace, ends)
      ? spec
      : undefined;
  const ingress = (spec.ingress ?? []).flatMap(rule => {
    const from = (rule.from ?? []).filter(peer => isPeer(peer, ends));
    return from.length > 0 ? [{ ...rule, from }] : [];
  });
  return ingress.length > 0 ? { ...spec, ingress } : undefined;
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
