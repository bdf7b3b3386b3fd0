import { Lending, Manifest, WorldWaypoint } from './types';

function namespacesOf(lentTo: Lending): Record<string, unknown> {
  if (lentTo === 'None') return { from: 'Selector' };
  if (typeof lentTo === 'string') return { from: lentTo };
  return { from: 'Selector', selector: { matchLabels: lentTo } };
}

/** The Gateway of a waypoint. */
export function waypointManifest(waypoint: WorldWaypoint): Manifest {
  const { namespace, name, lentTo } = waypoint;
  const allowedRoutes = lentTo && { namespaces: namespacesOf(lentTo) };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      name,
      namespace,
      labels: { 'istio.io/waypoint-for': 'service' },
    },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [
        {
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          ...(allowedRoutes && { allowedRoutes }),
        },
      ],
    },
  };
}
