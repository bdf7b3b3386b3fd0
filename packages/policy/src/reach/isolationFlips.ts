import { Call } from '../evaluate/types';
import { Party, WorkloadParty } from '../evaluate/party';
import { World } from '../evaluate/World';
import { EVERYTHING } from '../requestset/HttpSet';
import { PROTOCOLS, RequestSet } from '../requestset/RequestSet';
import { formatPorts } from '../requestset/toAccessRanges';
import { witnessCall } from './ends';
import { ANYBODY } from './toAccess';
import { IsolationFlip } from './types';

/** An address of the documentation range: somebody outside. */
const SOMEBODY = '192.0.2.1';

/** What a workload's doors admit whoever calls: `open` where some port is open to everybody. */
export interface Doors {
  ingress: { kernel: 'open' | 'isolated'; identity: 'open' | 'isolated' };
  egress: { kernel: 'open' | 'isolated' };
}

/** Reads the doors of one workload, by what its policies mean. */
export function doorsOf(world: World, party: WorkloadParty): Doors {
  const cluster = world.of(party.cluster);
  const door = (set: RequestSet) => (set.isEmpty ? 'isolated' : 'open');
  return {
    ingress: {
      kernel: door(cluster.openTo('ingress', party)),
      identity: door(openToAnybody(world, party)),
    },
    egress: { kernel: door(cluster.openTo('egress', party)) },
  };
}

type State = Pick<IsolationFlip, 'direction' | 'layer'> & {
  open: (world: World, party: WorkloadParty) => RequestSet;
};

function openToAnybody(
  world: World,
  party: WorkloadParty,
  anybody: Party = ANYBODY,
): RequestSet {
  const set = world.of(party.cluster).meshBounds(anybody, party).sure;
  let open = RequestSet.empty;
  for (const protocol of PROTOCOLS) {
    for (const { from, to, requests } of set.segments(protocol)) {
      if (requests.key === EVERYTHING.key)
        open = open.union(RequestSet.of({ protocol, ports: [{ from, to }] }));
    }
  }
  return open;
}

const STATES: readonly State[] = [
  {
    direction: 'ingress',
    layer: 'kernel',
    open: (world, party) => world.of(party.cluster).openTo('ingress', party),
  },
  {
    direction: 'egress',
    layer: 'kernel',
    open: (world, party) => world.of(party.cluster).openTo('egress', party),
  },
  { direction: 'ingress', layer: 'identity', open: openToAnybody },
];

/** A workload of the mesh that no policy has heard of. */
function strangerTo({ cluster, workload }: WorkloadParty): WorkloadParty {
  return {
    kind: 'workload',
    index: -1,
    cluster,
    workload: {
      ...workload,
      id: 'a stranger',
      namespace: '',
      serviceAccount: '',
      podLabels: {},
      hostNetwork: false,
    },
  };
}

/**
 * What one layer of a workload leaves open to anybody; at the identity layer
 * also to any identity. Nothing where there is no such layer.
 */
export function openAt(
  world: World,
  party: WorkloadParty,
  direction: IsolationFlip['direction'],
  layer: IsolationFlip['layer'],
): RequestSet {
  const state = STATES.find(
    each => each.direction === direction && each.layer === layer,
  );
  const open = state?.open(world, party) ?? RequestSet.empty;
  return layer === 'identity' && direction === 'ingress'
    ? open.union(openToAnybody(world, party, strangerTo(party)))
    : open;
}

function portsOf(set: RequestSet): Pick<IsolationFlip, 'protocol' | 'ports'>[] {
  if (set.equals(RequestSet.all)) return [{ ports: '*' }];
  return PROTOCOLS.flatMap(protocol => {
    const segments = set.segments(protocol);
    if (segments.length === 0) return [];
    const isAll = RequestSet.of({ protocol }).isSubset(set);
    return [{ protocol, ports: isAll ? '*' : formatPorts(segments) }];
  });
}

/**
 * Ports of a workload that are open to anybody in one world and not in the
 * other, by direction and layer. What counts is what policies mean: one that
 * selects a workload and admits everybody closes nothing.
 */
export function isolationFlips(
  name: string,
  before: { world: World; party: WorkloadParty },
  after: { world: World; party: WorkloadParty },
  example: (
    direction: 'ingress' | 'egress',
    set: RequestSet,
  ) => Call | undefined,
): IsolationFlip[] {
  return STATES.flatMap(({ direction, layer, open }) => {
    const was = open(before.world, before.party);
    const is = open(after.world, after.party);
    const flip = (
      set: RequestSet,
      from: 'open' | 'isolated',
      to: 'open' | 'isolated',
    ): IsolationFlip[] => {
      if (set.isEmpty) return [];
      const [caller, provider] =
        direction === 'ingress' ? [SOMEBODY, name] : [name, SOMEBODY];
      const witness =
        example(direction, set) ?? witnessCall(caller, provider, set);
      return portsOf(set).map(ports => ({
        workload: name,
        direction,
        layer,
        ...ports,
        before: from,
        after: to,
        witness,
      }));
    };
    return [
      ...flip(was.subtract(is), 'open', 'isolated'),
      ...flip(is.subtract(was), 'isolated', 'open'),
    ];
  });
}
