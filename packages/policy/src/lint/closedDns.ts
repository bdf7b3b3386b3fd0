import { AddressSet } from '../net/AddressSet';
import { Check } from './LintContext';
import { byPolicy, networkRules, NetworkRule } from './networkRules';
import { few, notice } from './notice';

const DNS = 53;

function admitsDns({ spec }: NetworkRule): boolean {
  return (
    spec.ports === undefined ||
    spec.ports.some(
      ({ protocol, name, from, to }) =>
        protocol === 'UDP' &&
        (name !== undefined ||
          from === undefined ||
          (from <= DNS && DNS <= (to ?? from))),
    )
  );
}

/** Does a rule name pods? These are called by the name of their Service. */
function namesPods({ spec }: NetworkRule): boolean {
  return spec.peers?.some(peer => 'pods' in peer) ?? false;
}

/** Addresses on the node itself at which a cache answers: no selector of pods reaches it. */
const ON_NODE = AddressSet.ofCidrs(['169.254.0.0/16']);

/** Policies that close egress, open it to pods, and leave out what these pods are found by. */
export const closedDns: Check = context => {
  const { cluster } = context;
  const rules = [...networkRules(context)].filter(
    ({ direction }) => direction === 'egress',
  );
  const onNode = cluster.profile.dns
    .flatMap(({ cidrs }) => cidrs ?? [])
    .filter(cidr => ON_NODE.covers(AddressSet.ofCidrs([cidr])));
  const reaches = (rule: NetworkRule) => {
    const { peers } = rule.compiled;
    return (
      admitsDns(rule) &&
      (onNode.length === 0 ||
        !peers ||
        onNode.some(cidr => peers.addresses.covers(AddressSet.ofCidrs([cidr]))))
    );
  };
  const open = new Set(
    rules.filter(reaches).flatMap(({ policy }) => [...policy.selected]),
  );
  const said = new Set<string>();
  return byPolicy(rules.filter(namesPods)).flatMap(({ policy }) => {
    const shut = [...policy.selected]
      .filter(index => !open.has(index))
      .map(index => cluster.workloads[index].id)
      .filter(id => !said.has(id));
    if (shut.length === 0) return [];
    shut.forEach(id => said.add(id));
    const where =
      onNode.length > 0
        ? `the cache on the node answers at ${few(
            onNode,
          )}, which no selector of pods reaches`
        : 'no rule of any policy opens UDP 53';
    return [
      notice('dns-closed', {
        manifest: policy.manifest,
        path: ['spec', 'egress'],
        text: `closes the egress of ${few(
          shut,
        )} without opening DNS: ${where}.`,
        others: shut,
        ...(onNode.length > 0 && {
          fix: `Open UDP and TCP 53 to the ipBlock ${onNode[0]} as well.`,
        }),
      }),
    ];
  });
};
