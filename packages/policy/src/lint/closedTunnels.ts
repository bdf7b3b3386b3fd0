import { Check } from './LintContext';
import { byPolicy, networkRules, NetworkRule } from './networkRules';
import { few, notice } from './notice';

const HBONE = 15008;

function admits({ spec }: NetworkRule, port: number): boolean {
  return (
    spec.ports === undefined ||
    spec.ports.some(
      ({ protocol, name, from, to }) =>
        protocol === 'TCP' &&
        name === undefined &&
        (from === undefined || (from <= port && port <= (to ?? from))),
    )
  );
}

/** Is the rule about ports that pods of the mesh would call? Blocks of addresses are of others, such as the kubelet's probes. */
function isForMesh({ spec }: NetworkRule): boolean {
  return (
    (spec.ports ?? []).some(({ protocol }) => protocol === 'TCP') &&
    (spec.peers === undefined || spec.peers.some(peer => 'pods' in peer))
  );
}

/**
 * Network policies that admit ports of ambient pods and not the one on which the mesh brings all calls (ambient mode and
 * NetworkPolicy, Istio's documentation). Policies add up, so that one of them is enough.
 */
export const closedTunnels: Check = context => {
  const { cluster } = context;
  const rules = [...networkRules(context)].filter(
    ({ direction }) => direction === 'ingress',
  );
  const open = new Set(
    rules
      .filter(rule => admits(rule, HBONE))
      .flatMap(({ policy }) => [...policy.selected]),
  );
  const said = new Set<string>();
  return byPolicy(rules.filter(isForMesh)).flatMap(rule => {
    const { policy, path } = rule;
    const shut = [...policy.selected]
      .filter(index => !open.has(index))
      .map(index => cluster.workloads[index])
      .filter(({ mesh, meshIsGuess }) => mesh === 'ambient' && !meshIsGuess)
      .map(({ id }) => id)
      .filter(id => !said.has(id));
    if (shut.length === 0) return [];
    shut.forEach(id => said.add(id));
    return [
      notice('hbone-port-closed', {
        manifest: policy.manifest,
        path: [...path, 'ports'],
        text: `leaves out TCP ${HBONE}, on which ztunnel takes every call from the mesh to ${few(
          shut,
        )}: the ports that it names are reached from outside the mesh alone.`,
        others: shut,
      }),
    ];
  });
};
