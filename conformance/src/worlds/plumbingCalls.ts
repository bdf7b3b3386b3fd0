import type { Compilation } from '@callgate/policy';
import { PROBE, SIDECAR_METRICS } from './platform';
import { Random } from './Random';
import type { Company } from './randomCompany';
import { idOf, WorldCall, WorldWorkload } from './types';

type Expectation = 'allow' | 'deny' | 'either';

/** Beside the address of probes: nobody's. */
const BESIDE_PROBE = '169.254.7.126';

/** By the address of a pod or host, past waypoints. */
function atPod(
  from: number | string,
  to: number,
  port: number,
  protocol: WorldCall['protocol'] = 'TCP',
): WorldCall {
  return { from, to, port, protocol, via: 'pod' };
}

/** What a closed caller needs of the platform, and ports beside that. */
function ofClosed({ world, closed }: Company): WorldCall[] {
  return closed.flatMap(from =>
    world.workloads.flatMap(({ isPlatform, ports }, to) =>
      isPlatform
        ? ports.flatMap(({ number, protocol }) => [
            atPod(from, to, number, protocol),
            atPod(from, to, number + 1, protocol),
          ])
        : [],
    ),
  );
}

/** What reads metrics and what asks whether a pod is well, and the same of what they need not reach. */
function atProviders(
  { world, declared }: Company,
  random: Random,
): WorldCall[] {
  const scraper = world.workloads.findIndex(({ isScraper }) => isScraper);
  const providers = [...new Set(declared.map(({ provider }) => provider))];
  return providers.flatMap(to => {
    const { mesh, isHost } = world.workloads[to];
    if (isHost) return [];
    const http = { method: 'GET', path: '/metrics', host: 'orders' };
    return [
      { ...atPod(scraper, to, 8080), http },
      atPod(scraper, to, 9090),
      ...(mesh === 'sidecar' ? [atPod(scraper, to, SIDECAR_METRICS)] : []),
      ...(mesh === 'ambient'
        ? [
            atPod(PROBE, to, random.one([8080, 9090])),
            atPod(BESIDE_PROBE, to, 8080),
          ]
        : []),
    ];
  });
}

/** HBONE's port by itself: whoever reaches it has a tunnel to everything behind it. */
function atTunnels({ world, closed }: Company, random: Random): WorldCall[] {
  const ends = world.workloads.flatMap((each, index) =>
    each.mesh === 'ambient' && each.ports.length > 0 ? [index] : [],
  );
  return ends.flatMap(to =>
    [...closed, ...random.some(ends, 1, 2)]
      .filter(from => from !== to)
      .map(from => atPod(from, to, 15008)),
  );
}

export function plumbingCalls(company: Company, random: Random): WorldCall[] {
  return [
    ...ofClosed(company),
    ...atProviders(company, random),
    ...atTunnels(company, random),
  ];
}

const needs = (caller: WorldWorkload, { name }: WorldWorkload) =>
  // Ambient pods need no control plane: ztunnel does, which no policy is about.
  name !== 'istiod' || caller.mesh === 'sidecar';

/** What a call to the platform comes to, by whether its caller is closed. */
export function toPlatform(
  { world }: Company,
  { from, to, port }: WorldCall,
  isCallerClosed: boolean,
): Expectation {
  if (!isCallerClosed || typeof from === 'string') return 'either';
  const platform = world.workloads[to];
  const isServed = platform.ports.some(({ number }) => number === port);
  return isServed && needs(world.workloads[from], platform) ? 'allow' : 'deny';
}

/** What a call of the platform comes to, where the provider is closed. */
export function ofPlatform(
  { world }: Company,
  { plan }: Compilation,
  { from, to, port }: WorldCall,
): Expectation | undefined {
  const provider = world.workloads[to];
  const isolation = plan.isolations.find(
    each => each.direction === 'ingress' && each.workload.id === idOf(provider),
  );
  const { kernel, identity } = isolation?.layers ?? {};
  if (from === PROBE) return 'allow';
  if (from === BESIDE_PROBE) return kernel ? 'deny' : 'either';
  const caller = typeof from === 'number' ? world.workloads[from] : undefined;
  if (!caller?.isScraper) return undefined;
  if (port === SIDECAR_METRICS) return 'allow';
  // Proxies let nobody in without an identity; outside the mesh nobody asks for one.
  const isKnown = caller.mesh !== 'none' || provider.mesh === 'none';
  if (port === 8080 && isKnown) return 'allow';
  // In ambient one port carries all of them: identity tells ports apart.
  const isHeld = provider.mesh === 'none' ? kernel : identity;
  return isHeld ? 'deny' : 'either';
}
