import { AccessChange, Endpoint } from '@callgate/policy';
import { estatesHere } from '../estates/estates';
import {
  Fault,
  ImportedCluster,
  ImportedEstate,
} from '../estates/ImportedEstate';
import { hasLabels } from '../estates/estateWorld';
import { EngineVerdict } from '../verdict/EngineVerdicts';
import { cidrHas } from '../worlds/cidr';
import { PAST_THE_PROXY } from '../worlds/platform';
import { Random } from '../worlds/Random';
import { World, WorldCall } from '../worlds/types';
import { Report, Suite } from './types';

/** At random in each cluster, and between the ends of each mistake. */
const CALLS = 80;
const ABOUT_FAULT = 6;

/** A port that no manifest names. */
const UNDECLARED = 9;

const OUTSIDE = '127.3.0.9';

const LAYERS = ['allowed', 'kernel', 'mesh'] as const;

/** Questions about one cluster of one estate. */
interface Part {
  imported: ImportedEstate;
  cluster: ImportedCluster;
  /** What is in force, beside what was before: each has to answer as that. */
  steps: readonly (readonly [name: string, world: World])[];
  faults: readonly Fault[];
  calls: readonly WorldCall[];
}

/** Every cluster of every estate that is here. */
interface Import {
  parts: readonly Part[];
}

const known = new Map<string, ImportedEstate>();

const { estates, skipped } = estatesHere();

/** Importing takes seconds: it is done once for each estate, and when it is asked for. */
function importOf(index: number): ImportedEstate {
  const estate = estates[index];
  const imported = known.get(estate.name) ?? new ImportedEstate(estate);
  known.set(estate.name, imported);
  return imported;
}

function idOfEnd(cluster: ImportedCluster, index: number): string {
  return `${cluster.prefix}${cluster.ids[index]}`;
}

/** What engines can be asked: a sidecar captures TCP at ports that it has no mode for. */
function isAsked(
  { world }: ImportedCluster,
  { to, port, protocol }: WorldCall,
): boolean {
  const { mesh, ports } = world.workloads[to];
  return (
    protocol !== 'TCP' ||
    mesh !== 'sidecar' ||
    PAST_THE_PROXY.includes(port) ||
    ports.some(({ number }) => number === port)
  );
}

/** A call to a workload, with a request where the port speaks HTTP. */
function callTo(
  { world }: ImportedCluster,
  random: Random,
  paths: readonly string[],
  { from, to, port }: Pick<WorldCall, 'from' | 'to' | 'port'>,
): WorldCall {
  const own = world.workloads[to].ports.find(({ number }) => number === port);
  return {
    from,
    to,
    port,
    protocol: 'TCP',
    via: random.chance(0.5) ? 'pod' : 'service',
    ...(own?.speaks === 'http' && {
      http: {
        method: random.one(['GET', 'GET', 'POST', 'DELETE']),
        path: random.one(paths),
        host: 'orders.shop',
      },
    }),
  };
}

/** A call that a grant is about, half of the time with an operation of it and else with any request. */
function callOf(
  imported: ImportedEstate,
  cluster: ImportedCluster,
  random: Random,
  api: string,
  { caller, operations }: Fault['about'],
): WorldCall[] {
  const callers = imported.workloadsOf(cluster, caller);
  const providers = imported.providersOf(cluster, api);
  if (callers.length === 0 || providers.length === 0) return [];
  const to = random.one(providers);
  const { number: port } = random.one(cluster.world.workloads[to].ports);
  const call = callTo(cluster, random, imported.estate.paths, {
    from: random.one(callers),
    to,
    port,
  });
  const operation = random.one(operations);
  const stated =
    'id' in operation ? imported.estate.operations?.[operation.id] : undefined;
  if (!call.http || !stated || random.chance(0.5)) return [call];
  const { method, example: path } = stated;
  return [{ ...call, http: { ...call.http, method, path } }];
}

/** Workloads about which something was written by hand, for them or their whole namespace. */
function selectedIn({ before }: ImportedCluster): number[] {
  const selects = before.policies.map(({ metadata, spec = {} }) => {
    const selector = (spec.podSelector ?? spec.selector ?? {}) as {
      matchLabels?: Record<string, string>;
    };
    return { ...metadata, labels: selector.matchLabels ?? {} };
  });
  return before.workloads.flatMap(({ namespace, labels }, index) =>
    selects.some(
      each => each.namespace === namespace && hasLabels(labels, each.labels),
    )
      ? [index]
      : [],
  );
}

/** What the profile says reads the metrics of everybody, at each workload about which something was written. */
function scrapesIn(cluster: ImportedCluster): WorldCall[] {
  const { world, profile } = cluster;
  return profile.scrapers.flatMap(({ namespace, podLabels = {}, ports }) =>
    world.workloads.flatMap((each, from) =>
      each.namespace === namespace && hasLabels(each.labels, podLabels)
        ? selectedIn(cluster).flatMap(to =>
            ports.map(
              ({ port }): WorldCall => ({
                from,
                to,
                port,
                protocol: 'TCP',
                via: 'pod',
              }),
            ),
          )
        : [],
    ),
  );
}

/**
 * Half of them between ends of which one is granted the other; the rest between any, more of them to what is declared, or
 * closed by hand, and from outside the mesh.
 */
function callsIn(
  imported: ImportedEstate,
  cluster: ImportedCluster,
  random: Random,
): WorldCall[] {
  const { workloads, waypoints } = cluster.world;
  const indices = workloads.map((_, index) => index);
  const chosen = [
    ...imported.written.flatMap(({ policy }) =>
      imported.providersOf(cluster, policy.spec.api),
    ),
    ...selectedIn(cluster),
  ];
  // A waypoint calls, and is called, for others only.
  const callers = indices.filter(
    index => !waypoints.some(({ workload }) => workload === index),
  );
  const grants = imported.grants();
  return Array.from({ length: CALLS }, (): WorldCall => {
    if (grants.length > 0 && random.chance(0.5)) {
      const { api, grant } = random.one(grants);
      const [granted] = callOf(imported, cluster, random, api, grant);
      if (granted) return granted;
    }
    const to = random.one(
      chosen.length > 0 && random.chance(0.7) ? chosen : callers,
    );
    const others = callers.filter(
      index => index !== to || cluster.several.has(to),
    );
    const from = random.chance(0.15) ? OUTSIDE : random.one(others);
    const { ports, mesh } = workloads[to];
    const numbers = ports.map(({ number }) => number);
    if (random.chance(0.05)) {
      const port = random.one([...numbers, UNDECLARED]);
      return { from, to, port, protocol: 'UDP', via: 'pod' };
    }
    const undeclared = mesh === 'sidecar' ? PAST_THE_PROXY : [UNDECLARED];
    const port = random.one(
      numbers.length === 0 || random.chance(0.08) ? undeclared : numbers,
    );
    return callTo(cluster, random, imported.estate.paths, { from, to, port });
  });
}

/** Calls by which the import shows what changes, as far as engines can be asked. */
function shownBy(
  imported: ImportedEstate,
  cluster: ImportedCluster,
): { change: AccessChange; call: WorldCall }[] {
  const index = (end: string) =>
    cluster.ids.findIndex(id => `${cluster.prefix}${id}` === end);
  return imported.onboarding.changes.flatMap(change => {
    const { from, witness } = change;
    const to = index(witness.to);
    const caller = typeof from === 'string' ? index(from) : OUTSIDE;
    if (to < 0 || caller === -1) return [];
    if (
      typeof from !== 'string' &&
      !from.cidrs.some(each => cidrHas(each, OUTSIDE))
    )
      return [];
    const { port, protocol = 'TCP', http } = witness;
    const call: WorldCall = {
      from: caller,
      to,
      port,
      protocol,
      via: 'pod',
      ...(http && {
        http: { host: 'orders.shop', method: http.method, path: http.path },
      }),
    };
    return isAsked(cluster, call) ? [{ change, call }] : [];
  });
}

function hasPort(ranges: string, port: number): boolean {
  return ranges.split(',').some(range => {
    const [first, last = first] = range.split('-').map(Number);
    return first <= port && port <= last;
  });
}

/** Whether the import lists that a call is answered otherwise, at this layer or as a whole. */
function isListed(
  { imported: { onboarding }, cluster }: Part,
  call: WorldCall,
  layer: (typeof LAYERS)[number],
  change: AccessChange['change'],
): boolean {
  const isFrom = (end: Endpoint) =>
    typeof call.from === 'string'
      ? typeof end !== 'string' &&
        end.cidrs.some(cidr => cidrHas(cidr, String(call.from)))
      : end === idOfEnd(cluster, call.from);
  const isAt = (each: AccessChange) => {
    if (each.layer === undefined) return true;
    if (layer === 'allowed') return false;
    return (each.layer === 'kernel') === (layer === 'kernel');
  };
  return [...onboarding.changes, ...onboarding.refusedTwice].some(
    each =>
      each.change === change &&
      each.to === idOfEnd(cluster, call.to) &&
      isFrom(each.from) &&
      isAt(each) &&
      each.access.some(
        // What is about some requests of a port is for nobody to say here.
        ({ protocol, ports, http }) =>
          !http && protocol === call.protocol && hasPort(ports, call.port),
      ),
  );
}

/** Compares one step with what was before. */
function compareStep(
  made: Part,
  [step, world]: Part['steps'][number],
  was: readonly EngineVerdict[],
  is: readonly EngineVerdict[],
  report: Report,
): void {
  made.calls.forEach((call, at) => {
    for (const layer of LAYERS) {
      if (was[at][layer] === is[at][layer]) continue;
      const change = is[at][layer] ? 'gained' : 'lost';
      if (isListed(made, call, layer, change)) {
        report.notes.note(`${change}, as listed: ${layer}`);
        continue;
      }
      report.differs({
        world,
        call,
        text: `${
          made.imported.estate.name
        }, ${step}: ${change} (${layer}), which the import does not list: ${JSON.stringify(
          [was[at], is[at]],
        )}`,
      });
    }
  });
}

/** A mistake changes the calls that it is about, and no other. */
function compareFault(
  { imported, cluster, calls }: Part,
  fault: Fault,
  right: readonly EngineVerdict[],
  wrong: readonly EngineVerdict[],
  report: Report,
): void {
  const { api, about, kind, text, worlds } = fault;
  const isGain = kind === 'an operation added';
  let caught = 0;
  calls.forEach((call, at) => {
    const [was, is] = [right[at].allowed, wrong[at].allowed];
    // What is allowed already, one operation more does not change.
    const should =
      imported.isAbout(cluster, api, about, call) && !(isGain && was);
    const does = was !== is;
    if (does && should && is === isGain) caught += 1;
    else if (does || should)
      report.differs({
        world: worlds.get(cluster.name) ?? cluster.alone,
        call,
        text: `${imported.estate.name}, ${text}: this call ${
          should ? 'has to be' : 'must not be'
        } answered otherwise, and ${was} became ${is}`,
      });
  });
  report.notes.note(caughtBy(imported, kind), caught);
}

function caughtBy({ estate }: ImportedEstate, kind: Fault['kind']): string {
  return `calls that change by ${kind} in ${estate.name}, and no others`;
}

const allowedIn = ({ estate }: ImportedEstate) =>
  `allowed in ${estate.name} before`;

function partOf(
  imported: ImportedEstate,
  cluster: ImportedCluster,
  faults: readonly Fault[],
  random: Random,
): Part {
  const { after, without, alone } = cluster;
  return {
    imported,
    cluster,
    steps: [
      ['after the import', after],
      ...(without ? [['without what can go', without] as const] : []),
      ['by what is generated alone', alone],
    ],
    faults,
    calls: [
      ...callsIn(imported, cluster, random),
      ...scrapesIn(cluster).filter(call => isAsked(cluster, call)),
      ...faults.flatMap(({ api, about }) =>
        Array.from({ length: ABOUT_FAULT }, () =>
          callOf(imported, cluster, random, api, about),
        ).flat(),
      ),
      ...shownBy(imported, cluster).map(({ call }) => call),
    ],
  };
}

/** All worlds of a part: before, each step, each mistake. */
function worldsOf({ cluster, steps, faults }: Part): World[] {
  return [
    cluster.before,
    ...steps.map(([, world]) => world),
    ...faults.map(({ worlds }) => worlds.get(cluster.name) ?? cluster.alone),
  ];
}

/**
 * Estates with policies by hand, imported: engines answer every call as before, with what is generated beside them, and without
 * what can go; but for what the import lists, and that they answer otherwise.
 */
export const importing: Suite<Import> = {
  name: 'import',
  batch: 1,
  skipped,

  make: seed => {
    const random = new Random(seed);
    return {
      parts: estates.flatMap((_, index) => {
        const imported = importOf(index);
        const faults = imported.faults(random);
        return imported.clusters.map(cluster =>
          partOf(imported, cluster, faults, random),
        );
      }),
    };
  },

  questions: ({ parts }) =>
    parts.flatMap(part =>
      worldsOf(part).map(world => ({ world, calls: part.calls })),
    ),

  compare({ parts }, answers, report) {
    let next = 0;
    for (const part of parts) {
      const { imported, cluster, steps, faults, calls } = part;
      const size = worldsOf(part).length;
      const [was, ...others] = answers.slice(next, next + size);
      next += size;
      report.judged += calls.length * size;
      report.notes.note(
        allowedIn(imported),
        was.filter(({ allowed }) => allowed).length,
      );
      steps.forEach((step, at) =>
        compareStep(part, step, was, others[at], report),
      );
      const alone = others[steps.length - 1];
      faults.forEach((fault, at) =>
        compareFault(part, fault, alone, others[steps.length + at], report),
      );
      for (const { change, call } of shownBy(imported, cluster)) {
        const at = calls.findIndex(
          each => JSON.stringify(each) === JSON.stringify(call),
        );
        const isShown = LAYERS.some(
          layer => at >= 0 && was[at][layer] !== others[0][at][layer],
        );
        report.notes.note('changes listed that engines were asked about');
        if (at >= 0 && !isShown)
          report.differs({
            world: cluster.after,
            call,
            text: `${imported.estate.name}: the import lists ${change.change}, and the engines answer alike`,
          });
      }
    }
  },

  refused({ parts }, reason, report) {
    report.differs({
      world: parts[0].cluster.after,
      text: `refused by an engine: ${reason}`,
    });
  },

  *smaller({ parts }) {
    if (parts.length > 1) for (const part of parts) yield { parts: [part] };
    for (const part of parts.length === 1 ? parts : []) {
      const { calls } = part;
      const half = Math.ceil(calls.length / 2);
      if (calls.length < 2) return;
      yield { parts: [{ ...part, calls: calls.slice(0, half) }] };
      yield { parts: [{ ...part, calls: calls.slice(half) }] };
    }
  },

  concludes: ({ notes }) =>
    estates.flatMap((_, index) => {
      const imported = importOf(index);
      const wanted: [string, string][] = [
        [allowedIn(imported), 'no call was allowed before'],
        [caughtBy(imported, 'an operation added'), 'no operation added'],
        [caughtBy(imported, 'a grant dropped'), 'no grant dropped'],
      ];
      return wanted
        .filter(([name]) => (notes.get(name) ?? 0) === 0)
        .map(([, what]) => `${imported.estate.name}: ${what}, or none showed`);
    }),
};
