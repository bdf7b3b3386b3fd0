import { Cluster, Workload } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { EVERYTHING } from '../../requestset/HttpSet';
import { Bounds } from '../networkpolicy/kernel';
import { Condition } from '../types';
import { Authorization, CompiledAuthorizationPolicy } from './Authorization';
import { authorizedBounds } from './authorizedBounds';
import { Caller } from './caller';
import { Transport } from './destinationRules';
import {
  MtlsReadings,
  MtlsSettings,
  PeerAuthentications,
} from './peerAuthentication';
import { PortProtocol, portProtocols } from './portProtocols';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** How a port's bytes are read; `none`: the sidecar does not see them (design 4, I9). */
export type PortKind = PortProtocol | 'none';

/**
 * What a workload's sidecar enforces. Workloads with equal models have equal
 * keys, so that answers are computed once for all of them.
 */
export interface SidecarModel {
  key: string;
  policies: readonly CompiledAuthorizationPolicy[];
  mtls: MtlsReadings;
  /** PeerAuthentications that Istio would reject. */
  invalidMtls: readonly { name: string }[];
  protocols: ReadonlyMap<number, PortProtocol>;
  http: RequestSet;
  tcp: RequestSet;
  conflict: RequestSet;
  auto: RequestSet;
  /** What passes beside the sidecar: other protocols and ports that it does not capture. */
  outside: RequestSet;
}

function portsSet(ports: readonly number[]): RequestSet {
  return ports.length === 0
    ? RequestSet.empty
    : RequestSet.of({ protocol: 'TCP', ports });
}

/** Builds the model of a workload's sidecar. */
export function sidecarModel(
  cluster: Cluster,
  workload: Workload,
  authorization: Authorization,
  peers: PeerAuthentications,
): SidecarModel {
  const protocols = portProtocols(cluster, workload);
  const policies = authorization.of(workload);
  const mtls = peers.of(workload);
  const invalidMtls = peers.invalidFor(workload);
  const excluded = portsSet(workload.inboundExcludedPorts);
  const included = workload.inboundIncludedPorts;
  const uncaptured = included
    ? ALL_TCP.subtract(portsSet(included)).union(excluded)
    : excluded;
  const captured = ALL_TCP.subtract(uncaptured);
  const of = (kind: PortProtocol) =>
    captured.intersect(
      portsSet(
        [...protocols]
          .filter(([, protocol]) => protocol === kind)
          .map(([port]) => port),
      ),
    );
  const [http, tcp, conflict] = [of('http'), of('tcp'), of('conflict')];
  const auto = captured.subtract(http).subtract(tcp).subtract(conflict);
  const outside = NOT_TCP.union(uncaptured);
  const names = policies.map(policy => policy.id).join(',');
  const invalid = invalidMtls.map(ref => ref.name).join(',');
  return {
    key: [
      names,
      mtls.key,
      invalid,
      http.id,
      tcp.id,
      conflict.id,
      outside.id,
    ].join('/'),
    policies,
    mtls,
    invalidMtls,
    protocols,
    http,
    tcp,
    conflict,
    auto,
    outside,
  };
}

/** How the sidecar reads a port. */
export function portKind(model: SidecarModel, port: number): PortKind {
  if (model.outside.contains({ protocol: 'TCP', port })) return 'none';
  return model.protocols.get(port) ?? 'auto';
}

/** On a port that only takes HTTP, bytes that are no HTTP reach nobody: all of HTTP is everything. */
function closeOverRaw(set: RequestSet): RequestSet {
  let result = set;
  for (const { from, to, requests } of set.segments('TCP')) {
    const isFull = requests.http.key === EVERYTHING.http.key;
    const whole = RequestSet.of({ protocol: 'TCP', ports: [{ from, to }] });
    const httpOnly = RequestSet.of({
      protocol: 'TCP',
      ports: [{ from, to }],
      methods: [{ present: true }],
    });
    if (isFull) result = result.union(whole);
    else if (requests.raw) result = result.subtract(whole.subtract(httpOnly));
  }
  return result;
}

const HTTP_REQUESTS = RequestSet.of({
  protocol: 'TCP',
  methods: [{ present: true }],
});
const RAW_BYTES = ALL_TCP.subtract(HTTP_REQUESTS);

/** What the authorization policies admit on all captured ports, each read as its protocol says. */
export function authorized(
  model: SidecarModel,
  caller: Caller,
  cluster: Cluster,
): Bounds {
  const http = authorizedBounds(model.policies, caller, 'http', cluster);
  const tcp = authorizedBounds(model.policies, caller, 'tcp', cluster);
  const pick = (side: 'sure' | 'possible') => {
    const [onHttp, onTcp] = [http[side], tcp[side]];
    const asHttp = closeOverRaw(
      onHttp.intersect(model.http.union(model.conflict)),
    );
    const conflict =
      side === 'sure'
        ? asHttp.intersect(onTcp).intersect(model.conflict)
        : asHttp.union(onTcp).intersect(model.conflict);
    return asHttp
      .intersect(model.http)
      .union(onTcp.intersect(model.tcp))
      .union(conflict)
      .union(
        onHttp
          .intersect(HTTP_REQUESTS)
          .union(onTcp.intersect(RAW_BYTES))
          .intersect(model.auto),
      );
  };
  const sure = pick('sure');
  const possible = pick('possible');
  const conditions: Condition[] = sure.equals(possible)
    ? []
    : [...http.conditions, ...tcp.conditions];
  if (
    !sure.intersect(model.conflict).equals(possible.intersect(model.conflict))
  ) {
    conditions.push({
      kind: 'protocol-conflict',
      text: `Services disagree about the protocol of port ${model.conflict
        .segments('TCP')
        .map(({ from }) => from)
        .join(', ')}.`,
    });
  }
  return { sure, possible, conditions };
}

/** Ports on which the settings refuse the transport. */
export function refusedPorts(
  settings: MtlsSettings,
  transport: Transport,
): RequestSet {
  const refusing = transport === 'plaintext' ? 'STRICT' : 'DISABLE';
  let refused = settings.mode === refusing ? ALL_TCP : RequestSet.empty;
  for (const [port, mode] of settings.ports) {
    const on = portsSet([port]);
    refused = mode === refusing ? refused.union(on) : refused.subtract(on);
  }
  return refused;
}

/** Keeps what every reading gives as sure, and what any gives as possible. */
export function combineReadings(
  readings: readonly Bounds[],
  conditions: readonly Condition[],
): Bounds {
  const sure = readings.map(each => each.sure).reduce((a, b) => a.intersect(b));
  const possible = readings
    .map(each => each.possible)
    .reduce((a, b) => a.union(b));
  const own = readings.flatMap(each => each.conditions);
  return {
    sure,
    possible,
    conditions: sure.equals(possible) ? own : [...own, ...conditions],
  };
}

/**
 * What a sidecar admits from a caller that uses one transport on every port.
 * A PeerAuthentication that Istio would reject may have been STRICT in an
 * earlier version: plaintext is then not sure of anything.
 */
export function sidecarBounds(
  model: SidecarModel,
  caller: Caller,
  transport: Transport,
  cluster: Cluster,
): Bounds {
  const inside = authorized(model, caller, cluster);
  const readings = model.mtls.readings.map((settings): Bounds => {
    const refused = refusedPorts(settings, transport);
    return {
      sure: inside.sure.subtract(refused).union(model.outside),
      possible: inside.possible.subtract(refused).union(model.outside),
      conditions: inside.conditions,
    };
  });
  const bounds = combineReadings(readings, model.mtls.conditions);
  if (model.invalidMtls.length === 0 || transport === 'mtls') return bounds;
  return {
    sure: bounds.sure.intersect(model.outside),
    possible: bounds.possible,
    conditions: [
      ...bounds.conditions,
      ...model.invalidMtls.map(
        ({ name }): Condition => ({
          kind: 'invalid-object',
          text: `Istio would reject PeerAuthentication ${name}; an earlier version of it may refuse plaintext.`,
          object: `PeerAuthentication ${name}`,
        }),
      ),
    ],
  };
}
