import { hidesSource } from '../estate/serviceLookup';
import { Cluster, Workload } from '../estate/types';
import { Gap } from '../model/types';
import { AddressSet } from '../net/AddressSet';
import { Report } from './Report';
import { AddressEnd } from './types';
import { WorkloadPort } from './workloadPorts';
import { details, said, workload } from '../words';

/** What has to be known about a grant to addresses. */
interface Question {
  cluster: Cluster;
  from: AddressEnd;
  to: Workload;
  port: WorkloadPort;
  acknowledges: ReadonlySet<Gap>;
  report: Report;
}

const overlaps = (blocks: readonly string[], others: readonly string[]) =>
  !AddressSet.ofCidrs(blocks).intersect(AddressSet.ofCidrs(others)).isEmpty;

/** Services of a port behind which the provider sees a node instead of the client. */
function hidingServices({ port }: Question): string[] {
  return port.ways
    .filter(({ service }) => hidesSource(service))
    .map(({ service }) => service.id);
}

/**
 * Whether addresses can be a caller: an ipBlock sees the address that arrives (docs/semantics.md, N2). Pods have addresses that move,
 * so blocks of them are refused; a node's address stands for everybody who comes through it, so it has to be acknowledged.
 */
export function checkAddresses(question: Question): boolean {
  const { cluster, from, to, acknowledges, report } = question;
  const { podCidrs, nodeCidrs } = cluster.profile.network;
  if (podCidrs.length === 0) {
    report.add(
      'cidr-covers-pods',
      `Nobody says which addresses pods have in ${
        cluster.name
      }: ${from.cidrs.join(', ')} may cover some of them`,
      [from.id, to.id],
      { fix: 'State network.podCidrs in the platform profile.' },
    );
    return false;
  }
  if (overlaps(from.cidrs, podCidrs)) {
    report.add(
      'cidr-covers-pods',
      `${from.cidrs.join(', ')} overlaps the addresses of pods in ${
        cluster.name
      } (${podCidrs.join(', ')}): who has such an address changes`,
      [from.id, to.id],
    );
    return false;
  }
  if (overlaps(from.cidrs, nodeCidrs)) {
    if (acknowledges.has('identity-not-enforced')) return true;
    report.add(
      'node-address-caller',
      said`${from.cidrs.join(', ')} overlaps the addresses of nodes in ${
        cluster.name
      } (${nodeCidrs.join(
        ', ',
      )}): everybody whose calls come through a node is admitted to ${workload(
        to.id,
      )}`,
      [from.id, to.id],
    );
    return false;
  }
  const hiding = hidingServices(question);
  if (hiding.length > 0)
    report.add(
      'source-address-hidden',
      said`Calls through ${details(hiding, [
        'its Service',
        'of its Services',
      ])} arrive with the address of a node: the grant to ${workload(
        from.id,
      )} admits only calls that keep theirs`,
      [from.id, ...hiding],
    );
  return true;
}
