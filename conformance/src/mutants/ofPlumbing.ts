import { Mutant, mutant } from './Mutant';

const plumbing = 'plan/plumbing.ts';

/** Faults of what has to stay open whatever is declared. */
export const OF_PLUMBING: readonly Mutant[] = [
  mutant(
    'probes-of-everybody-else',
    plumbing,
    "if (workload.mesh !== 'ambient') return [];",
    "if (workload.mesh === 'ambient') return [];",
  ),
  mutant(
    'metrics-of-sidecars-closed',
    plumbing,
    "SIDECAR_PORTS.has(port) ? workload.mesh === 'sidecar' : listens.has(port),",
    'listens.has(port),',
  ),
  mutant(
    'scrapers-without-hbone',
    plumbing,
    "          workload.mesh === 'ambient',\n",
    '          false,\n',
  ),
  mutant(
    'api-server-forgotten',
    plumbing,
    "['api-server', apiServer],",
    "['api-server', []],",
  ),
  mutant(
    'control-plane-forgotten',
    plumbing,
    "meshOfCaller(workload) === 'sidecar' ? controlPlane : []",
    '[]',
  ),
  mutant(
    'telemetry-on-any-port',
    plumbing,
    '    port,\n    ...(endPort',
    '    port: port - 1,\n    endPort: port + 1,\n    ...(endPort',
  ),
];
