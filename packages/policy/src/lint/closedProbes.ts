import { namespaceOf } from '../estate/buildCluster';
import { podTemplateOf } from '../estate/podTemplates';
import { AddressSet } from '../net/AddressSet';
import { Check, narrowest } from './LintContext';
import { networkRules, NetworkRule } from './networkRules';
import { few, notice } from './notice';
import { probesOf } from '../estate/probesOf';

const KINDS = ['httpGet', 'grpc', 'tcpSocket'];

function admits(
  { spec, compiled }: NetworkRule,
  port: number,
  from: AddressSet,
) {
  const isPort =
    spec.ports === undefined ||
    spec.ports.some(
      ({ protocol, name, from: first, to }) =>
        protocol === 'TCP' &&
        (name !== undefined ||
          first === undefined ||
          (first <= port && port <= (to ?? first))),
    );
  return isPort && (!compiled.peers || compiled.peers.addresses.covers(from));
}

/**
 * Network policies that keep the kubelet's probes from ambient pods: they come from an address of Istio's CNI, which plugins
 * do not take for the node (istio.io, Ambient and Kubernetes NetworkPolicy).
 */
export const closedProbes: Check = context => {
  const { cluster, networkPolicies } = context;
  const [address] = cluster.profile.probes.flatMap(({ cidrs }) => cidrs ?? []);
  if (address === undefined) return [];
  const from = AddressSet.ofCidrs([address]);
  const rules = [...networkRules(context)].filter(
    ({ direction }) => direction === 'ingress',
  );
  return cluster.objects.flatMap(manifest => {
    const { object } = manifest;
    if (!podTemplateOf(object, cluster.profile)) return [];
    const id = `${namespaceOf(object)}/${object.kind}/${object.metadata.name}`;
    const index = cluster.workloads.findIndex(each => each.id === id);
    const workload = cluster.workloads[index];
    if (workload?.mesh !== 'ambient' || workload.meshIsGuess) return [];
    const closing = narrowest(
      networkPolicies.filter(
        ({ spec, selected }) =>
          spec.ingress !== undefined && selected.has(index),
      ),
    );
    if (!closing) return [];
    const shut = probesOf(manifest, workload, KINDS).filter(
      ({ port }) =>
        port !== undefined &&
        !rules.some(
          rule => rule.policy.selected.has(index) && admits(rule, port, from),
        ),
    );
    if (shut.length === 0) return [];
    return [
      notice('probes-closed', {
        manifest: closing.manifest,
        path: ['spec'],
        text: `closes ${id}, and no rule admits ${address} to port ${few(
          shut.map(({ port }) => `${port}`),
        )}: that is where its ${few(shut.map(({ name }) => name))} ${
          shut.length > 1 ? 'come' : 'comes'
        } from in ambient mode.`,
        others: [id],
        fix: `Admit the ipBlock ${address} to the port of the probe.`,
      }),
    ];
  });
};
