import { isSince } from '../../estate/isSince';
import { Cluster, Workload } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import {
  Authorization,
  CompiledAuthorizationPolicy,
  policiesKey,
} from './Authorization';
import { PeerAuthentications } from './peerAuthentication';
import { ProxyModel } from './ProxyModel';
import { ProxyReadings, replicaReadings } from './replicaReadings';
import { ztunnelSettings } from './ztunnelMtls';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** The first version of ztunnel that knows dry-run policies (docs/semantics.md, A12). */
const DRY_RUN_SINCE = [1, 29] as const;

/** Does a ztunnel of this version enforce dry-run policies that it is sent? */
function enforcesDryRun(version: string | undefined): boolean | undefined {
  const isNew = isSince(version, DRY_RUN_SINCE);
  return isNew === undefined ? undefined : !isNew;
}

/** What ztunnel enforces for a workload's pods; it reads no HTTP. */
export function ztunnelModels(
  cluster: Cluster,
  workload: Workload,
  authorization: Authorization,
  peers: PeerAuthentications,
): ProxyReadings {
  const mtls = peers.of(workload, ztunnelSettings);
  const invalidMtls = peers.invalidFor(workload);
  const { mesh } = cluster.profile;
  const model = (
    policies: readonly CompiledAuthorizationPolicy[],
  ): ProxyModel => ({
    kind: 'ztunnel',
    at: `ztunnel of ${workload.id}`,
    key: [
      'ztunnel',
      policiesKey(policies),
      mtls.key,
      invalidMtls.map(ref => ref.name).join(),
    ].join('/'),
    policies,
    mtls,
    invalidMtls,
    protocols: new Map(),
    http: RequestSet.empty,
    tcp: ALL_TCP,
    conflict: RequestSet.empty,
    auto: RequestSet.empty,
    outside: NOT_TCP,
  });
  const sent = authorization.ztunnelOf(workload);
  const enforced = sent.filter(policy => !policy.spec.isDryRun);
  const dry = mesh.ambientDryRun
    ? sent.filter(policy => policy.spec.isDryRun)
    : [];
  const isOld = enforcesDryRun(mesh.ztunnelVersion);
  if (dry.length === 0 || isOld === false)
    return replicaReadings(workload, enforced, model);
  if (isOld) return replicaReadings(workload, sent, model);
  const readings = [enforced, sent].map(policies =>
    replicaReadings(workload, policies, model),
  );
  return {
    models: readings.flatMap(({ models }) => models),
    conditions: [
      ...readings[1].conditions,
      {
        kind: 'profile-guess',
        text: `ztunnel before 1.29 enforces dry-run policies, and mesh.ztunnelVersion is not stated for ${workload.id}.`,
      },
    ],
  };
}
