import { Protocol } from '../estate/types';
import { Bounds } from '../evaluate/networkpolicy/kernel';
import { AddressParty, Party } from '../evaluate/party';
import { uniqueConditions } from '../evaluate/tri';
import { Condition } from '../evaluate/types';
import { Transports } from '../evaluate/transports';
import { carriersBetween } from '../evaluate/ways/carriers';
import { PairBounds, World } from '../evaluate/World';
import { AddressSet } from '../net/AddressSet';
import { answerOr } from '../requestset/budget';
import {
  EVERYTHING,
  HttpSet,
  NOTHING,
  combineHttp,
} from '../requestset/HttpSet';
import { PROTOCOLS, RequestSet } from '../requestset/RequestSet';
import { formatPorts, httpEntries } from '../requestset/toAccessRanges';
import { Access, LayerState, LayerStates } from './types';

/** Somebody of whom nothing is known: what it may do needs no identity. */
export const ANYBODY: AddressParty = {
  kind: 'address',
  text: 'anybody',
  addresses: AddressSet.everything,
};

/** HBONE is mutual TLS on every port. */
const TUNNELLED: Transports = { usual: ['mtls'], ports: new Map() };

/** Everything that decides how the access of a pair is written. */
interface Facts {
  whole: Bounds;
  kernel: Bounds;
  mesh: Bounds;
  /** What each end's network policies admit from or to everybody. */
  openKernel: RequestSet;
  hasKernel: boolean;
  /** What the mesh surely admits from anybody. */
  anybody: RequestSet;
  /** What passes beside the sidecar; everything where there is none. */
  outside: RequestSet;
  /** Ports that the sidecar does not read as HTTP. */
  opaque: RequestSet;
  transports: { usual: string; ports: ReadonlyMap<number, string> };
}

interface Piece {
  from: number;
  to: number;
  requests: HttpSet;
  certainty: 'sure' | 'possible';
  layers: LayerStates;
  transport?: 'mtls' | 'plaintext';
}

function cutsOf(
  protocol: Protocol,
  sets: readonly RequestSet[],
  ports: Iterable<number>,
): number[] {
  const cuts = new Set<number>([1]);
  for (const set of sets) {
    for (const { from, to } of set.segments(protocol))
      cuts.add(from).add(to + 1);
  }
  for (const port of ports) cuts.add(port).add(port + 1);
  return [...cuts].filter(cut => cut <= 65535).sort((a, b) => a - b);
}

function layersAt(facts: Facts, protocol: Protocol, port: number): LayerStates {
  const { kernel, mesh } = facts;
  const same = (bounds: Bounds) =>
    bounds.sure.on(protocol, port).key ===
    bounds.possible.on(protocol, port).key;
  let kernelState: LayerState = facts.hasKernel ? 'enforced' : 'none';
  if (facts.hasKernel && !same(kernel)) kernelState = 'conditional';
  else if (
    facts.hasKernel &&
    facts.openKernel.on(protocol, port) === EVERYTHING
  )
    kernelState = 'open';
  if (protocol !== 'TCP' || facts.outside.on(protocol, port) === EVERYTHING) {
    return { kernel: kernelState, identity: 'none', method: 'none' };
  }
  const possible = mesh.possible.on(protocol, port);
  const isSurePort =
    mesh.sure.on(protocol, port) !== NOTHING || possible === NOTHING;
  let identity: LayerState = 'enforced';
  if (!isSurePort) identity = 'conditional';
  else if (facts.anybody.on(protocol, port).key === possible.key)
    identity = 'open';
  let method: LayerState =
    possible.key === EVERYTHING.key ? 'open' : 'enforced';
  if (!same(mesh)) method = 'conditional';
  if (facts.opaque.on(protocol, port) === EVERYTHING) method = 'none';
  return { kernel: kernelState, identity, method };
}

function pieces(facts: Facts, protocol: Protocol): Piece[] {
  const { whole, kernel, mesh, openKernel, anybody, outside, opaque } = facts;
  const sets = [
    whole.sure,
    whole.possible,
    kernel.sure,
    kernel.possible,
    mesh.sure,
    mesh.possible,
    openKernel,
    anybody,
    outside,
    opaque,
  ];
  const cuts = cutsOf(
    protocol,
    sets,
    protocol === 'TCP' ? facts.transports.ports.keys() : [],
  );
  const found: Piece[] = [];
  cuts.forEach((from, index) => {
    const possible = whole.possible.on(protocol, from);
    if (possible === NOTHING) return;
    const to = (cuts[index + 1] ?? 65536) - 1;
    const sure = whole.sure.on(protocol, from);
    const layers = layersAt(facts, protocol, from);
    const used = facts.transports.ports.get(from) ?? facts.transports.usual;
    const transport: Piece['transport'] =
      layers.identity !== 'none' && (used === 'mtls' || used === 'plaintext')
        ? used
        : undefined;
    const common = { from, to, layers, ...(transport ? { transport } : {}) };
    const rest = answerOr(
      () => combineHttp('subtract', possible, sure),
      () => possible,
    );
    if (sure !== NOTHING)
      found.push({ ...common, requests: sure, certainty: 'sure' });
    if (rest !== NOTHING)
      found.push({ ...common, requests: rest, certainty: 'possible' });
  });
  return found;
}

function toEntries(facts: Facts): Access[] {
  return PROTOCOLS.flatMap(protocol => {
    const groups = new Map<
      string,
      { first: Piece; ports: { from: number; to: number }[] }
    >();
    for (const piece of pieces(facts, protocol)) {
      const { requests, certainty, layers, transport } = piece;
      const key = [
        requests.key,
        certainty,
        layers.kernel,
        layers.identity,
        layers.method,
        transport,
      ].join('|');
      const group = groups.get(key);
      const last = group?.ports[group.ports.length - 1];
      if (!group)
        groups.set(key, {
          first: piece,
          ports: [{ from: piece.from, to: piece.to }],
        });
      else if (last && last.to + 1 === piece.from) last.to = piece.to;
      else group.ports.push({ from: piece.from, to: piece.to });
    }
    return [...groups.values()].map(({ first, ports }): Access => {
      const http = httpEntries(first.requests);
      return {
        protocol,
        ports: formatPorts(ports),
        certainty: first.certainty,
        ...(first.transport ? { transport: first.transport } : {}),
        ...(http ? { http } : {}),
        layers: first.layers,
      };
    });
  });
}

function withConditions(
  entries: Access[],
  conditions: readonly Condition[],
): Access[] {
  // What is sure is one list for all pairs that have it.
  if (entries.every(({ certainty }) => certainty === 'sure')) return entries;
  return entries.map(entry =>
    entry.certainty === 'possible'
      ? { ...entry, conditions: [...conditions] }
      : entry,
  );
}

/** Writes what pairs may do as docs/command-line.md says; equal facts are written once. */
export class AccessWriter {
  readonly #world: World;
  readonly #memo = new Map<string, Access[]>();
  readonly #transports = new Map<string, Facts['transports']>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Entries of a pair; `whole` may be a part of what the pair may do. */
  write(
    from: Party,
    to: Party,
    bounds: PairBounds,
    whole: Bounds = bounds,
  ): Access[] {
    const facts = this.facts(from, to, bounds, whole);
    const { kernel, mesh, openKernel, anybody, outside, opaque } = facts;
    const sets = [
      whole.sure,
      whole.possible,
      kernel.sure,
      kernel.possible,
      mesh.sure,
      mesh.possible,
      openKernel,
      anybody,
      outside,
      opaque,
    ];
    const key = `${sets.map(set => set.id).join(',')},${
      facts.hasKernel
    },${transportKey(facts.transports)}`;
    let entries = this.#memo.get(key);
    if (!entries) {
      entries = toEntries(facts);
      this.#memo.set(key, entries);
    }
    return withConditions(entries, uniqueConditions(bounds.conditions));
  }

  private facts(
    from: Party,
    to: Party,
    bounds: PairBounds,
    whole: Bounds,
  ): Facts {
    const { kernel, method: mesh } = bounds.layers;
    const ends = [from, to].filter(party => party.kind === 'workload');
    const hasKernel = ends.some(
      party =>
        party.cluster.profile.cni.enforcesNetworkPolicy &&
        party.workload.runsOn === 'pods' &&
        !(party === to && party.workload.hostNetwork),
    );
    const open = [
      ...(from.kind === 'workload'
        ? [this.#world.of(from.cluster).openTo('egress', from)]
        : []),
      ...(to.kind === 'workload'
        ? [this.#world.of(to.cluster).openTo('ingress', to)]
        : []),
    ].reduce((a, b) => a.intersect(b), RequestSet.all);
    const none = {
      outside: RequestSet.all,
      opaque: RequestSet.empty,
      anybody: RequestSet.all,
      transports: { usual: '', ports: new Map() },
    };
    const common = { whole, kernel, mesh, openKernel: open, hasKernel };
    if (to.kind === 'address') return { ...common, ...none };
    const { workload } = to;
    const world = this.#world.of(to.cluster);
    if (!world.hasProxy(workload)) return { ...common, ...none };
    const isTunnelled = carriersBetween(from, to, {})[0] === 'tunnel';
    const model = isTunnelled
      ? world.tunnelProxies(to).models[0]
      : world.model(to);
    return {
      ...common,
      outside: model.outside,
      opaque: this.#world.opaque(from, to),
      anybody: world.meshBounds(ANYBODY, to).sure,
      transports: this.transports(from, to),
    };
  }

  private transports(from: Party, to: Party): Facts['transports'] {
    if (to.kind === 'address') return { usual: '', ports: new Map() };
    const world = this.#world.of(to.cluster);
    const namespace =
      from.kind === 'workload'
        ? `${from.workload.namespace} ${from.workload.mesh} ${from.workload.meshIsGuess} ${from.workload.hbone} ${from.workload.gateway}`
        : '';
    const key = `${to.cluster.name}:${to.workload.id} ${namespace}`;
    let known = this.#transports.get(key);
    if (!known) {
      const { usual, ports } =
        carriersBetween(from, to, {})[0] === 'tunnel'
          ? TUNNELLED
          : world.transports(from, to, {});
      known = {
        usual: usual.join(),
        ports: new Map([...ports].map(([port, used]) => [port, used.join()])),
      };
      this.#transports.set(key, known);
    }
    return known;
  }
}

function transportKey({ usual, ports }: Facts['transports']): string {
  return ports.size === 0
    ? usual
    : `${usual};${[...ports].map(([port, used]) => `${port}=${used}`).join()}`;
}
