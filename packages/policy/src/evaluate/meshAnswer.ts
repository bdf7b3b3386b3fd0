import { CallOptions } from './CallOptions';
import { ClusterWorld } from './ClusterWorld';
import { Part, ProxyQuestion, hopLayer } from './ProxyQuestion';
import { agree, verdictOf } from './agree';
import { meshGuess, probesAmong, unreadMtls, wayIn } from './conditions';
import { Transport } from './istio/destinationRules';
import { Caller, behindTunnel } from './istio/caller';
import { ProxyModel, portKind } from './istio/ProxyModel';
import { Party, WorkloadParty } from './party';
import { bypassesZtunnel } from './probes';
import { Tri, YES, allOf, uniqueConditions } from './tri';
import { Call, Condition, Hop, Layer } from './types';
import { WaypointStop } from './ways/Way';

/** What the mesh says to one call: the answer and its hops. */
export interface MeshAnswer {
  tri: Tri;
  hops: Hop[];
}

const PASSES: MeshAnswer = { tri: YES, hops: [] };

function hopAt(at: string, layer: Layer, part: Part): Hop {
  return {
    at,
    layer,
    direction: 'ingress',
    verdict: verdictOf(part.tri),
    by: part.by,
    text: part.text,
  };
}

/** One reading of who calls over what, before one model. */
interface Reading {
  model: ProxyModel;
  caller: Caller;
  transport: Transport | 'tunnel';
}

/** What a proxy says to a call in all readings: unknown where they differ. */
function proxyAnswer(
  world: ClusterWorld,
  from: Party,
  call: Pick<Call, 'port' | 'http'>,
  readings: readonly Reading[],
  differ: readonly Condition[],
): MeshAnswer {
  const parts = readings.map(({ model, caller, transport }) => {
    const question = new ProxyQuestion(model, call, world.cluster);
    const mtls = question.mtls(transport, from);
    const authorization = question.authorization(caller);
    const tri = mtls.isUnread ? mtls.tri : allOf([mtls.tri, authorization.tri]);
    return { mtls, authorization, tri };
  });
  const [{ model }] = readings;
  const [first] = parts;
  // A gateway asks for mutual TLS where its own servers say so, not by policies.
  const hops =
    model.kind === 'gateway'
      ? []
      : [
          hopAt(model.at, 'identity', {
            ...first.mtls,
            tri: agree(
              parts.map(part => part.mtls.tri),
              differ,
            ),
          }),
        ];
  const asked = readings.findIndex(each => each.model.policies.length > 0);
  if (asked >= 0) {
    const tri = agree(
      parts.map(part => part.authorization.tri),
      differ,
    );
    hops.push(
      hopAt(model.at, hopLayer(readings[asked].model), {
        ...parts[asked].authorization,
        tri,
      }),
    );
  }
  return {
    tri: agree(
      parts.map(part => part.tri),
      differ,
    ),
    hops,
  };
}

function withFilters(
  answer: MeshAnswer,
  at: string,
  filters: readonly Condition[],
): MeshAnswer {
  if (filters.length === 0) return answer;
  const tri: Tri = {
    value: 'maybe',
    conditions: [...answer.tri.conditions, ...filters],
  };
  const part = { tri, by: [], text: filters[0].text };
  return { tri, hops: [...answer.hops, hopAt(at, 'method', part)] };
}

/** What comes to the provider by HBONE. */
export function tunnelAnswer(
  world: ClusterWorld,
  from: Party,
  to: WorkloadParty,
  call: Call,
): MeshAnswer {
  const { models, conditions } = world.tunnelProxies(to);
  const caller = world.caller(from, 'tunnel');
  const filters =
    to.workload.mesh === 'ambient' ? [] : world.unmodelled.mesh(to.workload);
  const answer = proxyAnswer(
    world,
    from,
    call,
    models.map(model => ({ model, caller, transport: 'tunnel' as const })),
    conditions,
  );
  return withFilters(answer, models[0].at, filters);
}

/** What a waypoint says; `call` has the port that the caller addresses. */
export function waypointAnswer(
  world: ClusterWorld,
  from: Party,
  call: Call,
  stop: WaypointStop,
): MeshAnswer {
  const caller = behindTunnel(world.caller(from, 'mtls'));
  const answers = world
    .waypointModels(stop)
    .map(model =>
      proxyAnswer(
        world,
        from,
        call,
        [{ model, caller, transport: 'mtls' }],
        [],
      ),
    );
  const whole = {
    tri: allOf(answers.map(answer => answer.tri)),
    hops: answers.flatMap(answer => answer.hops),
  };
  const filters = world.unmodelled.mesh(stop.party.workload);
  const at = `waypoint ${stop.waypoint.id}`;
  const answer = withFilters(whole, at, filters);
  return whole.tri.value === 'no' ? { ...answer, tri: whole.tri } : answer;
}

function notCaptured(at: string, port: number): MeshAnswer {
  const text = `Port ${port} is not captured by the sidecar: neither identity nor method is checked.`;
  return {
    tri: YES,
    hops: [hopAt(at, 'identity', { tri: YES, by: [], text })],
  };
}

/** What comes to an ambient pod in plaintext. */
function passthroughAnswer(
  world: ClusterWorld,
  from: Party,
  to: WorkloadParty,
  call: Call,
): MeshAnswer {
  const { models, conditions } = world.proxies(to);
  const [{ at }] = models;
  const bypasses = bypassesZtunnel(from, to);
  if (bypasses === 'yes') {
    const text = `It reaches ${to.workload.id} beside ztunnel: identity is not checked.`;
    return {
      tri: YES,
      hops: [hopAt(at, 'identity', { tri: YES, by: [], text })],
    };
  }
  const caller = world.caller(from, 'plaintext');
  const answer = proxyAnswer(
    world,
    from,
    call,
    models.map(model => ({ model, caller, transport: 'plaintext' as const })),
    conditions,
  );
  if (bypasses === 'no') return answer;
  const tri = agree([answer.tri, YES], [probesAmong(from, to)]);
  return { ...answer, tri };
}

/**
 * What the mesh says to a call at a workload's own port. `options.via` decides
 * which DestinationRule is looked at; without it all are, and ones that differ
 * make the answer conditional.
 */
export function meshAnswer(
  world: ClusterWorld,
  from: Party,
  to: WorkloadParty,
  call: Call,
  options: CallOptions,
): MeshAnswer {
  const { workload } = to;
  if ((call.protocol ?? 'TCP') !== 'TCP') return PASSES;
  if (!world.hasProxy(workload)) {
    const rule = world.unreadBy(from, to, options).get(call.port);
    if (!rule) return PASSES;
    const condition = unreadMtls(from, workload.id, rule);
    const tri: Tri = { value: 'maybe', conditions: [condition] };
    const part = { tri, by: [], text: condition.text };
    return { tri, hops: [hopAt(workload.id, 'identity', part)] };
  }
  if (workload.mesh === 'ambient')
    return passthroughAnswer(world, from, to, call);
  const filters = world.unmodelled.mesh(workload);
  const { models, conditions } = world.proxies(to);
  const [model] = models;
  const isOutside = portKind(model, call.port) === 'none';
  if (isOutside && filters.length === 0)
    return notCaptured(model.at, call.port);
  const { usual, ports } = world.transports(from, to, options);
  const transports = ports.get(call.port) ?? usual;
  const readings = transports.flatMap(transport =>
    models.map(each => ({
      model: each,
      caller: world.caller(from, transport),
      transport,
    })),
  );
  const differ = [
    ...conditions,
    ...(transports.length > 1 ? [wayIn(from, to)] : []),
  ];
  const answer = withFilters(
    isOutside ? PASSES : proxyAnswer(world, from, call, readings, differ),
    model.at,
    filters,
  );
  if (!workload.meshIsGuess || answer.tri.value === 'yes') return answer;
  return {
    tri: {
      value: 'maybe',
      conditions: uniqueConditions([
        ...answer.tri.conditions,
        meshGuess(workload),
      ]),
    },
    hops: answer.hops.map(hop =>
      hop.verdict === 'deny' ? { ...hop, verdict: 'conditional' } : hop,
    ),
  };
}
