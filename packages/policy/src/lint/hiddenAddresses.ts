import { asArray } from '../estate/json';
import { Path } from '../estate/fieldPath';
import { servicesOf } from '../estate/serviceLookup';
import { Workload } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { Finding } from '../findings';
import { Check, LintContext } from './LintContext';
import { edgeOf } from './edge';
import { networkRules } from './networkRules';
import { few, notice } from './notice';
import { valuesOf } from './valuesOf';

/** Where pods and nodes may be that no profile states. */
const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** Addresses that pods and nodes have, or may have. */
function inside({ cluster }: LintContext): AddressSet {
  const { podCidrs, nodeCidrs } = cluster.profile.network;
  const isStated = podCidrs.length > 0 && nodeCidrs.length > 0;
  return AddressSet.ofCidrs([
    ...podCidrs,
    ...nodeCidrs,
    ...(isStated ? [] : PRIVATE),
  ]);
}

const OF_PEER = /^(?:ipBlocks|source\.ip)$/;

function isCalledFromOutside(
  { cluster }: LintContext,
  workload: Workload,
): boolean {
  return servicesOf(cluster, workload).some(({ type }) =>
    ['LoadBalancer', 'NodePort'].includes(type),
  );
}

/** Addresses of callers outside, at workloads that such callers reach through a gateway. */
function behindGateways(context: LintContext): Finding[] {
  const { authorizations } = context;
  const gateways = edgeOf(context);
  if (gateways.length === 0) return [];
  const own = inside(context);
  return authorizations.flatMap(({ manifest, spec, targets, workloads }) => {
    if (targets.length > 0 || spec.isDryRun) return [];
    const behind = workloads.filter(
      each =>
        each.mesh !== 'none' &&
        !gateways.includes(each) &&
        !isCalledFromOutside(context, each),
    );
    if (behind.length === 0 || behind.length < workloads.length) return [];
    const lists = new Map<string, Path>();
    for (const { name, value, list } of valuesOf(spec)) {
      if (!OF_PEER.test(name)) continue;
      const block = AddressSet.ofCidrs([value]);
      // Addresses of pods and nodes are seen as they are.
      if (!block.isEmpty && !block.overlaps(own))
        lists.set(list.join('.'), list);
    }
    const ids = behind.map(({ id }) => id);
    return [...lists.values()].map(path =>
      notice('gateway-hides-address', {
        manifest,
        path,
        text: `names addresses outside, and ${few(
          ids,
        )} sees the address of ${few(
          gateways.map(({ id }) => id),
        )} in place of that of a caller who comes through it.`,
        others: [...ids, ...gateways.map(({ id }) => id)],
      }),
    );
  });
}

/** Blocks of network policies, at workloads with a Service that may replace addresses by those of nodes. */
function behindNodes(context: LintContext): Finding[] {
  const { cluster } = context;
  const nodes = AddressSet.ofCidrs(cluster.profile.network.nodeCidrs);
  const own = inside(context);
  return [...networkRules(context)].flatMap(
    ({ policy, direction, ...rule }) => {
      if (direction !== 'ingress') return [];
      const hiding = policy.workloads
        .flatMap(each => servicesOf(cluster, each))
        .filter(
          ({ type, externalTrafficPolicy }) =>
            ['LoadBalancer', 'NodePort'].includes(type) &&
            externalTrafficPolicy === 'Cluster',
        )
        .map(({ id }) => `Service ${id}`);
      if (hiding.length === 0) return [];
      const peers = rule.spec.peers ?? [];
      return asArray(rule.raw[rule.field]).flatMap((_, index) => {
        const peer = peers[index];
        if (!peer || !('block' in peer) || peer.block.isEmpty) return [];
        const isOfNodes = nodes.covers(peer.block);
        if (!isOfNodes && peer.block.overlaps(own)) return [];
        // Who admits everybody else as well hides from nobody.
        if (AddressSet.everyV4.subtract(own).subtract(peer.block).isEmpty)
          return [];
        return [
          notice('source-address-hidden', {
            manifest: policy.manifest,
            path: [...rule.path, rule.field, index, 'ipBlock', 'cidr'],
            text: isOfNodes
              ? `names addresses of nodes, and ${few(
                  hiding,
                )} may pass on calls from anywhere with such an address: everybody who reaches it may be admitted.`
              : `names addresses of callers, and ${few(
                  hiding,
                )} may pass on their calls with the address of a node: these are refused.`,
            others: [...new Set(hiding)],
            fix: 'Set externalTrafficPolicy: Local on the Service, so that pods see the addresses of callers.',
          }),
        ];
      });
    },
  );
}

/** Addresses of callers that never arrive, because somebody in between has one of its own. */
export const hiddenAddresses: Check = context => [
  ...behindGateways(context),
  ...behindNodes(context),
];
