import { Cluster, Workload } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { Authorization, policiesKey } from './Authorization';
import { PeerAuthentications } from './peerAuthentication';
import { portProtocols } from './portProtocols';
import { portsSet, readPorts } from './ProxyModel';
import { ProxyReadings, replicaReadings } from './replicaReadings';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** What the sidecars of a workload's pods enforce, supposing that it has any. */
export function sidecarModels(
  cluster: Cluster,
  workload: Workload,
  authorization: Authorization,
  peers: PeerAuthentications,
): ProxyReadings {
  const mtls = peers.of(workload);
  const invalidMtls = peers.invalidFor(workload);
  const excluded = portsSet(workload.inboundExcludedPorts);
  const included = workload.inboundIncludedPorts;
  const uncaptured = included
    ? ALL_TCP.subtract(portsSet(included)).union(excluded)
    : excluded;
  const ports = readPorts(
    portProtocols(cluster, workload),
    ALL_TCP.subtract(uncaptured),
  );
  const outside = NOT_TCP.union(uncaptured);
  const invalid = invalidMtls.map(ref => ref.name).join(',');
  return replicaReadings(workload, authorization.of(workload), policies => ({
    kind: 'sidecar',
    at: `sidecar of ${workload.id}`,
    key: [
      policiesKey(policies),
      mtls.key,
      invalid,
      ports.http.id,
      ports.tcp.id,
      ports.conflict.id,
      outside.id,
    ].join('/'),
    policies,
    mtls,
    invalidMtls,
    ...ports,
    outside,
  }));
}
