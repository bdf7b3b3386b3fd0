import { Service, Waypoint } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { Authorization, policiesKey } from './Authorization';
import { protocolOfServicePort } from './portProtocols';
import { ProxyModel, readPorts } from './ProxyModel';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/**
 * What a waypoint enforces for calls to a Service, by the Service's ports
 * (docs/semantics.md, P2), or without one for calls to the addresses of pods, whose
 * protocols it detects. It takes mutual TLS only (istio
 * `pilot/pkg/networking/core/listener_waypoint.go`).
 */
export function waypointModel(
  waypoint: Waypoint,
  service: Service | undefined,
  authorization: Authorization,
): ProxyModel {
  const policies = authorization.attachedTo(waypoint, service);
  const protocols = new Map(
    (service?.ports ?? [])
      .filter(({ protocol }) => protocol === 'TCP')
      .map(port => [port.port, protocolOfServicePort(port)] as const),
  );
  const ports = readPorts(protocols, ALL_TCP);
  return {
    kind: 'waypoint',
    at: `waypoint ${waypoint.id}`,
    key: ['waypoint', policiesKey(policies), ports.http.id, ports.tcp.id].join(
      '/',
    ),
    policies,
    mtls: {
      readings: [{ mode: 'STRICT', ports: new Map(), by: [] }],
      conditions: [],
      key: '',
    },
    invalidMtls: [],
    ...ports,
    outside: NOT_TCP,
  };
}
