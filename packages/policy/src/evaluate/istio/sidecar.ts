import { Cluster, Workload } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { Authorization } from './Authorization';
import { PeerAuthentications } from './peerAuthentication';
import { portProtocols } from './portProtocols';
import { ProxyModel, portsSet, readPorts } from './ProxyModel';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** What a workload's sidecar enforces, supposing that it has one. */
export function sidecarModel(
  cluster: Cluster,
  workload: Workload,
  authorization: Authorization,
  peers: PeerAuthentications,
): ProxyModel {
  const policies = authorization.of(workload);
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
  const names = policies.map(policy => policy.id).join(',');
  const invalid = invalidMtls.map(ref => ref.name).join(',');
  return {
    kind: 'sidecar',
    at: `sidecar of ${workload.id}`,
    key: [
      names,
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
  };
}
