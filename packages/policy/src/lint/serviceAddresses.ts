import { asArray, asJson, asText } from '../estate/json';
import { groupKindOf } from '../estate/readWorkloads';
import { AddressSet } from '../net/AddressSet';
import { parseCidr } from '../net/cidr';
import { Check } from './LintContext';
import { networkRules } from './networkRules';
import { few, nameOfManifest, notice } from './notice';

/**
 * Blocks of addresses of Services: policies see packets after the address of the Service was replaced by that of a pod, so
 * that such a block matches nothing (Kubernetes leaves the order open; the plugins in use translate first).
 */
export const serviceAddresses: Check = context => {
  const { cluster } = context;
  const { network, dns } = cluster.profile;
  const ranges = AddressSet.ofCidrs(network.serviceCidrs);
  const byAddress = new Map(
    cluster.objects
      .filter(({ object }) => groupKindOf(object) === '/Service')
      .flatMap(manifest => {
        const { clusterIP, clusterIPs } = asJson(manifest.object.spec);
        return [clusterIP, ...asArray(clusterIPs)]
          .map(asText)
          .filter(text => text !== undefined && text !== 'None')
          .map(address => [address, nameOfManifest(manifest)] as const);
      }),
  );
  // A cache on the node answers at the address of the DNS Service itself.
  const answered = AddressSet.ofCidrs(dns.flatMap(({ cidrs }) => cidrs ?? []));
  return [...networkRules(context)].flatMap(({ policy, path, field, raw }) =>
    asArray(raw[field]).flatMap((peer, index) => {
      const cidr = asText(asJson(asJson(peer).ipBlock).cidr);
      if (cidr === undefined || !parseCidr(cidr)) return [];
      const block = AddressSet.ofCidrs([cidr]);
      if (answered.covers(block)) return [];
      const services = [...byAddress].filter(
        ([address]) => cidr === `${address}/32` || cidr === `${address}/128`,
      );
      const isInside = !ranges.isEmpty && ranges.covers(block);
      if (services.length === 0 && !isInside) return [];
      const names = services.map(([, name]) => name);
      return [
        notice('service-address-block', {
          manifest: policy.manifest,
          path: [...path, field, index, 'ipBlock', 'cidr'],
          text: `is ${
            names.length > 0
              ? `the address of ${few(names)}`
              : 'inside the addresses of Services'
          }: policies see packets after its translation to the address of a pod, so that it matches none.`,
          others: names,
        }),
      ];
    }),
  );
};
