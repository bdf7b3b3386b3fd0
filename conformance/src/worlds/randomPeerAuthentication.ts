import type { WorldContext } from './randomWorld';
import { Manifest } from './types';

const MODES = ['STRICT', 'STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'];

/** A PeerAuthentication of the mesh, a namespace or workloads, the last ones with ports too. */
export function randomPeerAuthentication(
  { random, namespaces, workloads }: WorldContext,
  name: string,
): Manifest {
  const namespace = random.one([...namespaces, 'istio-system']);
  const hasSelector = random.chance(namespace === 'istio-system' ? 0.2 : 0.6);
  const ports = hasSelector && random.chance(0.8);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name,
      namespace,
      // Among equals the oldest counts: every one has its own time.
      creationTimestamp: `2026-01-01T00:00:${String(random.below(60)).padStart(
        2,
        '0',
      )}Z`,
    },
    spec: {
      ...(hasSelector && {
        selector: { matchLabels: { app: random.one(workloads).name } },
      }),
      ...(random.chance(0.85) && { mtls: { mode: random.one(MODES) } }),
      ...(ports && {
        portLevelMtls: {
          [random.one(['8080', '9090'])]: { mode: random.one(MODES) },
        },
      }),
    },
  };
}

/** What most meshes begin with; older than everything else. */
export function strictMesh(): Manifest {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'default',
      namespace: 'istio-system',
      creationTimestamp: '2025-12-31T00:00:00Z',
    },
    spec: { mtls: { mode: 'STRICT' } },
  };
}

/** A workload with a mode of its own, and other ones for its ports. */
export function portException({ random, workloads }: WorldContext): Manifest {
  const { name, namespace } = random.one(workloads);
  const mode = () => ({
    mode: random.one(['STRICT', 'PERMISSIVE', 'DISABLE']),
  });
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'ports',
      namespace,
      creationTimestamp: '2025-12-31T00:00:01Z',
    },
    spec: {
      selector: { matchLabels: { app: name } },
      mtls: mode(),
      portLevelMtls: { 8080: mode(), 9090: mode() },
    },
  };
}
