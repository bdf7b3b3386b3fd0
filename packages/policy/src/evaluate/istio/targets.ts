import { Service, Waypoint } from '../../estate/types';
import { PolicyTarget } from './authorizationPolicySpec';

/**
 * Does a policy stand at a waypoint, for a Service or for the addresses of pods? Its targets name the Service, the waypoint's
 * Gateway, or all waypoints from the root namespace (istio `pilot/pkg/model/policyattachment.go`).
 */
export function isBefore(
  {
    namespace,
    targets,
  }: { namespace: string; targets: readonly PolicyTarget[] },
  waypoint: Waypoint,
  service: Service | undefined,
  root: string,
): boolean {
  return targets.some(({ group, kind, name }) => {
    if (group === '' && kind === 'Service')
      return name === service?.name && namespace === service.namespace;
    if (group !== 'gateway.networking.k8s.io') return false;
    if (kind === 'GatewayClass')
      return namespace === root && name === 'istio-waypoint';
    return name === waypoint.name && namespace === waypoint.namespace;
  });
}
