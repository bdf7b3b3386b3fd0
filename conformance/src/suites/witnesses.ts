import { Call, DiffResult } from '@callgate/policy';
import { idOf, viaOf, World, WorldCall } from '../worlds/types';

/** What the engines say of a call. */
export const LAYERS = ['allowed', 'kernel', 'mesh'] as const;

/** A call by which a difference is shown. */
export interface Witness {
  /** Every way in that it may be about: behind a waypoint the Service's address is another one than the pod's. */
  calls: readonly WorldCall[];
  /** What is said to differ. */
  layer: (typeof LAYERS)[number];
}

/** Calls by which differences are shown that rest on no condition. */
export function witnessesOf(
  world: World,
  { gained, lost, changed, layers }: DiffResult,
): Witness[] {
  const isSure = ({ certainty }: { certainty: string }) => certainty === 'sure';
  const asked = (call: Call, layer: Witness['layer']): Witness[] => {
    const own = worldCallOf(world, call);
    if (!own) return [];
    const isOne = call.via !== undefined || own.protocol !== 'TCP';
    const other = viaOf(world.workloads[own.to], true);
    return [{ calls: isOne ? [own] : [own, { ...own, via: other }], layer }];
  };
  return [
    ...[...gained, ...lost]
      .filter(({ access }) => access.every(isSure))
      .flatMap(({ witness }) => asked(witness, 'allowed')),
    ...changed
      .filter(each => [...each.gained, ...each.lost].every(isSure))
      .flatMap(({ witness }) => asked(witness, 'allowed')),
    ...layers
      .filter(
        each =>
          each.layer === 'kernel' &&
          [...each.gained, ...each.lost].every(isSure),
      )
      .flatMap(({ witness }) => asked(witness, 'kernel')),
  ];
}

/** The call as the engines can be asked about it: at a port that the workload has, from an address that we can call from. */
function worldCallOf(world: World, call: Call): WorldCall | undefined {
  const index = (end: string) =>
    world.workloads.findIndex(each => idOf(each) === end);
  const to = index(call.to);
  const from = index(call.from) < 0 ? call.from : index(call.from);
  const protocol = call.protocol ?? 'TCP';
  if (to < 0) return undefined;
  // A waypoint calls for others only.
  if (world.waypoints.some(({ workload }) => workload === from))
    return undefined;
  if (typeof from === 'string' && !from.startsWith('127.')) return undefined;
  const port = world.workloads[to].ports.find(
    ({ number }) => number === call.port,
  );
  if (protocol === 'TCP' && !port) return undefined;
  const path = call.http?.path;
  if (path !== undefined && !/^\/[!-~]*$/.test(path)) return undefined;
  const host = call.http?.host;
  // Envoy takes nothing else for a host.
  if (host !== undefined && !/^[a-zA-Z0-9.-]+(:[0-9]+)?$/.test(host))
    return undefined;
  const http = port?.speaks === 'http' && protocol === 'TCP';
  return {
    from,
    to,
    port: call.port,
    protocol,
    via: call.via === undefined || call.via === 'pod' ? 'pod' : 'service',
    ...(http && {
      http: {
        method: call.http?.method ?? 'GET',
        path: path ?? '/',
        host: host ?? 'orders.shop',
      },
    }),
  };
}
