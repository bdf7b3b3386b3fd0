import { addressOf } from '../addressOf';
import { normalForms } from '../istio/normalizePath';
import { ProxyModel, portKind } from '../istio/ProxyModel';
import { Party, WorkloadParty } from '../party';
import { Call, Hop, NearestRule } from '../types';
import { World } from '../World';
import { authorizationCandidates } from './authorizationRules';
import { Candidate } from './Candidate';
import { networkPolicyRules } from './networkPolicyRules';

/** The rule of which least differs; nothing where no rule differs in a known way. */
function nearest(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates
    .filter(({ differs }) => differs.length > 0)
    .reduce<Candidate | undefined>(
      (best, each) =>
        best && best.differs.length <= each.differs.length ? best : each,
      undefined,
    );
}

/** Over what the caller comes to a proxy, where that is one thing. */
function transportOf(
  world: World,
  model: ProxyModel,
  from: Party,
  to: WorkloadParty,
  call: Call,
): 'mtls' | 'plaintext' | 'tunnel' | undefined {
  if (model.kind === 'ztunnel') {
    if (call.tls) return call.tls === 'mtls' ? 'tunnel' : 'plaintext';
    return from.kind === 'workload' && from.workload.mesh === 'ambient'
      ? 'tunnel'
      : undefined;
  }
  const { via } = addressOf(call, to);
  const { usual, ports } = world.of(to.cluster).transports(from, to, {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  });
  const known = ports.get(call.port) ?? usual;
  return known.length === 1 ? known[0] : undefined;
}

function atProxy(
  world: World,
  hop: Hop,
  from: Party,
  to: WorkloadParty,
  call: Call,
): Candidate[] {
  const cluster = world.of(to.cluster);
  const model = cluster.model(to);
  // Of a waypoint and of DENY rules the hop says all that there is.
  if (hop.at !== model.at || hop.by.some(({ rule }) => rule !== undefined))
    return [];
  const transport = transportOf(world, model, from, to, call);
  const kind = portKind(model, call.port);
  if (transport === undefined || (kind !== 'http' && kind !== 'tcp')) return [];
  const forms = call.http
    ? normalForms(call.http.path, to.cluster.profile)
    : [];
  const [path] = forms;
  if (call.http && (forms.length !== 1 || path === undefined)) return [];
  const seen = {
    port: call.port,
    ...(call.http &&
      path !== undefined && {
        http: { ...call.http, path, host: call.http.host ?? '' },
      }),
  };
  return authorizationCandidates(
    model.policies,
    cluster.caller(from, transport),
    seen,
    kind === 'http',
    to.cluster,
  );
}

/**
 * For each hop that refuses a call because no rule admits it: the rule that comes nearest, and what differs. Facts from the
 * same matchers that judge; no verdict rests on it.
 */
export function nearestRules(
  world: World,
  from: Party,
  to: Party,
  call: Call,
  hops: readonly Hop[],
): NearestRule[] {
  return hops
    .filter(({ verdict }) => verdict === 'deny')
    .flatMap((hop): NearestRule[] => {
      const candidates = () => {
        const [subject, other] =
          hop.direction === 'ingress' ? [to, from] : [from, to];
        if (subject.kind !== 'workload') return [];
        if (hop.layer !== 'kernel')
          return hop.direction === 'ingress' &&
            hop.by.every(({ kind }) => kind === 'AuthorizationPolicy')
            ? atProxy(world, hop, from, subject, call)
            : [];
        return hop.at === `node of ${subject.workload.id}`
          ? networkPolicyRules(world, hop.direction, subject, other, call)
          : [];
      };
      const found = nearest(candidates());
      return found
        ? [
            {
              at: hop.at,
              layer: hop.layer,
              object: found.object,
              differs: found.differs,
            },
          ]
        : [];
    });
}
