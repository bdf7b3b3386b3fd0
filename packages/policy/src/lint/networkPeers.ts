import { asArray, asJson, asKey } from '../estate/json';
import { NAMESPACE_NAME_LABEL } from '../estate/buildCluster';
import { Workload } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { PeerSpec } from '../evaluate/networkpolicy/parseNetworkPolicy';
import { Finding } from '../findings';
import { Check, LintContext } from './LintContext';
import { isEverything } from './isEverything';
import { NetworkRule, networkRules } from './networkRules';
import { few, notice } from './notice';

/** Labels that only a controller of the platform sets. */
const PLATFORM_LABELS = /(^|\.)(kubernetes\.io|openshift\.io)\//;

function keysOf(selector: unknown): string[] {
  const { matchLabels, matchExpressions } = asJson(selector);
  return [
    ...Object.keys(asJson(matchLabels)),
    ...asArray(matchExpressions).map(each => asKey(asJson(each).key)),
  ];
}

type At = { rule: NetworkRule; path: readonly (string | number)[] };

function spoofable(
  { rule, path }: At,
  raw: unknown,
  peer: PeerSpec,
  { world }: LintContext,
): Finding[] {
  if ('block' in peer || peer.namespaces === 'own') return [];
  const selector = asJson(raw).namespaceSelector;
  const keys = keysOf(selector);
  const open = keys.filter(key => !PLATFORM_LABELS.test(key));
  if (open.length === 0 || keys.includes(NAMESPACE_NAME_LABEL)) return [];
  const names = world.index.namespaces(peer.namespaces);
  const where = [...path, 'namespaceSelector'];
  return [
    notice('namespace-label', {
      manifest: rule.policy.manifest,
      path: where,
      text: `trusts ${few(
        open,
      )}, which whoever may edit a namespace may set; it stands for ${
        names.length === 0 ? 'no namespace of the estate' : few(names)
      } now.`,
      ...(names.length === 1
        ? {
            change: [
              {
                op: 'replace',
                path: where,
                value: { matchLabels: { [NAMESPACE_NAME_LABEL]: names[0] } },
              },
            ],
          }
        : {}),
    }),
  ];
}

/** Where the pods are that a selector without namespace was probably meant for. */
function elsewhere(
  peer: PeerSpec,
  cluster: LintContext['cluster'],
  world: LintContext['world'],
): string {
  if ('block' in peer || peer.namespaces !== 'own') return '';
  const there = [...cluster.namespaces.keys()]
    .flatMap(name => [...world.index.inNamespace(name, peer.pods)])
    .map(index => cluster.workloads[index].id);
  return there.length === 0
    ? ''
    : ` ${few(
        there,
      )} has these labels: without namespaceSelector, a podSelector is about the policy's own namespace.`;
}

function onHostNetwork(
  { rule, path }: At,
  workloads: readonly Workload[],
): Finding {
  const ids = workloads.map(({ id }) => id);
  return notice('host-network-selected', {
    manifest: rule.policy.manifest,
    path,
    text: `names ${few(
      ids,
    )} on the host network: packets there come from and go to the address of the node, which no label selects.`,
    others: ids,
  });
}

/** Pods with these labels in namespaces of the other entries: where labels without namespace stand beside those, they are meant. */
function namedBeside(
  { rule }: At,
  peer: PeerSpec,
  { cluster, world }: LintContext,
): Workload[] {
  if ('block' in peer || peer.namespaces !== 'own') return [];
  return (rule.spec.peers ?? [])
    .flatMap(each =>
      'block' in each || each.namespaces === 'own'
        ? []
        : world.index.namespaces(each.namespaces),
    )
    .flatMap(name => [...world.index.inNamespace(name, peer.pods)])
    .map(index => cluster.workloads[index]);
}

function podsOf(
  { rule, path }: At,
  peer: PeerSpec,
  context: LintContext,
): Finding[] {
  const { cluster, world, workloadsIn, hasUnknownPods } = context;
  if ('block' in peer || isEverything(peer.pods)) return [];
  const { namespace, manifest } = rule.policy;
  const names =
    peer.namespaces === 'own'
      ? [namespace]
      : world.index.namespaces(peer.namespaces);
  const known = names.filter(name => workloadsIn(name).length > 0);
  const found = names
    .flatMap(name => [...world.index.inNamespace(name, peer.pods)])
    .map(index => cluster.workloads[index]);
  const onHost = found.filter(({ hostNetwork }) => hostNetwork);
  if (onHost.length > 0) {
    return [onHostNetwork({ rule, path }, onHost)];
  }
  // What is not in the estate at all, such as the cluster's DNS, is no mistake of the rule.
  if (found.length > 0 || known.length === 0) return [];
  if (names.some(hasUnknownPods)) return [];
  const meant = namedBeside({ rule, path }, peer, context);
  if (meant.length > 0 && meant.every(each => each.hostNetwork))
    return [onHostNetwork({ rule, path }, meant)];
  return [
    notice('peer-selects-nothing', {
      manifest,
      path,
      text: `matches none of the pods of ${few(known)}.${elsewhere(
        peer,
        cluster,
        world,
      )}`,
    }),
  ];
}

function blocks(
  { rule, path }: At,
  peer: PeerSpec,
  podAddresses: AddressSet,
): Finding[] {
  if (!('block' in peer) || peer.block.isEmpty) return [];
  if (!podAddresses.covers(peer.block)) return [];
  return [
    notice('pod-cidr-block', {
      manifest: rule.policy.manifest,
      path: [...path, 'ipBlock', 'cidr'],
      text: `lies inside the addresses of pods (${few(
        podAddresses.toCidrs(),
      )}).`,
    }),
  ];
}

function emptyLists({ policy, path, field, raw }: NetworkRule): Finding[] {
  return [field, 'ports'].flatMap(name => {
    const list = raw[name];
    if (!Array.isArray(list) || list.length > 0) return [];
    const what = name === 'ports' ? 'every port' : 'everybody';
    return [
      notice('empty-list', {
        manifest: policy.manifest,
        path: [...path, name],
        text: `is an empty list, which means ${what}.`,
      }),
    ];
  });
}

/** Peers of network policies that stand for others than it seems (docs/semantics.md, S1, S4, N1, N2). */
export const networkPeers: Check = context => {
  const { cluster } = context;
  const podAddresses = AddressSet.ofCidrs(cluster.profile.network.podCidrs);
  const findings: Finding[] = [];
  for (const rule of networkRules(context)) {
    findings.push(...emptyLists(rule));
    const raw = asArray(rule.raw[rule.field]);
    (rule.spec.peers ?? []).forEach((peer, index) => {
      const at = { rule, path: [...rule.path, rule.field, index] };
      findings.push(
        ...spoofable(at, raw[index], peer, context),
        ...podsOf(at, peer, context),
        ...blocks(at, peer, podAddresses),
      );
    });
  }
  for (const { manifest, workloads, spec } of context.networkPolicies) {
    const isAllOnHost =
      workloads.length > 0 && workloads.every(each => each.hostNetwork);
    if (!isAllOnHost || isEverything(spec.podSelector)) continue;
    const ids = workloads.map(({ id }) => id);
    findings.push(
      notice('host-network-selected', {
        manifest,
        path: ['spec', 'podSelector'],
        text: `selects ${few(
          ids,
        )} on the host network: network plugins do not enforce policies there.`,
        others: ids,
      }),
    );
  }
  return findings;
};
