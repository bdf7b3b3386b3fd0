import { Service } from '../estate/types';
import { CallOptions, ClusterWorld, meshGuess, wayIn } from './ClusterWorld';
import { authorizationAnswer } from './istio/authorizationAnswer';
import { Transport } from './istio/destinationRules';
import { normalForms } from './istio/normalizePath';
import { MtlsSettings } from './istio/peerAuthentication';
import { SidecarModel, authorized, portKind } from './istio/sidecar';
import { isHttpOnly } from './istio/sourceMatch';
import { objectName } from './networkpolicy/kernel';
import { Party, WorkloadParty, nameOf } from './party';
import { NO, Tri, YES, allOf, maybe, uniqueConditions } from './tri';
import { Call, Condition, Hop, Layer, RuleRef } from './types';

/** What the mesh says to one call: the answer and its hops. */
export interface MeshAnswer {
  tri: Tri;
  hops: Hop[];
}

interface Part {
  tri: Tri;
  by: RuleRef[];
  text: string;
}

/** The same in all readings, or unknown. */
export function agree(
  readings: readonly Tri[],
  conditions: readonly Condition[],
): Tri {
  const [first] = readings;
  const own = readings.flatMap(each => each.conditions);
  if (readings.every(each => each.value === first.value)) {
    return first.value === 'maybe'
      ? { value: 'maybe', conditions: own }
      : first;
  }
  return { value: 'maybe', conditions: [...own, ...conditions] };
}

export function verdictOf(tri: Tri): 'allow' | 'deny' | 'conditional' {
  if (tri.value === 'maybe') return 'conditional';
  return tri.value === 'yes' ? 'allow' : 'deny';
}

function mtlsPart(
  settings: MtlsSettings,
  transport: Transport,
  port: number,
  from: Party,
): Part {
  const mode = settings.ports.get(port) ?? settings.mode;
  const who =
    settings.by.length > 0
      ? settings.by.map(objectName).join(', ')
      : 'The default';
  if (transport === 'plaintext' && mode === 'STRICT') {
    return {
      tri: NO,
      by: settings.by,
      text: `${who} demands mutual TLS, and ${nameOf(from)} sends plaintext.`,
    };
  }
  if (transport === 'mtls' && mode === 'DISABLE') {
    return {
      tri: NO,
      by: settings.by,
      text: `${who} disables mutual TLS, and ${nameOf(from)} sends it.`,
    };
  }
  return {
    tri: YES,
    by: settings.by,
    text: `${who} takes ${
      transport === 'mtls' ? 'mutual TLS' : 'plaintext'
    } (${mode}).`,
  };
}

/** Do the workload's policies ask for the host, or for anything of HTTP? */
function asksFor(
  model: SidecarModel,
  test: (name: string) => boolean,
): boolean {
  return model.policies.some(({ spec }) =>
    spec.rules.some(rule =>
      [
        ...(rule.from ?? []).flat(),
        ...(rule.to ?? []).flat(),
        ...rule.when,
      ].some(field => test(field.name)),
    ),
  );
}

/** Answers one call at one provider with a sidecar. */
class SidecarQuestion {
  readonly #model: SidecarModel;
  readonly #kind;

  constructor(
    readonly world: ClusterWorld,
    readonly from: Party,
    readonly to: WorkloadParty,
    readonly call: Call,
  ) {
    this.#model = world.model(to);
    this.#kind = portKind(this.#model, call.port);
  }

  /** What the policies say, over one transport. */
  authorization(transport: Transport): Part {
    const { call } = this;
    const http = call.http;
    const isHttp = asksFor(this.#model, isHttpOnly);
    const readsHttp = this.#kind !== 'tcp';
    if (readsHttp && isHttp && !http)
      return this.quantified(transport, 'request-unknown');
    if (
      readsHttp &&
      http &&
      http.host === undefined &&
      asksFor(this.#model, name => name === 'hosts')
    ) {
      return this.quantified(transport, 'host-unknown');
    }
    const { profile } = this.world.cluster;
    const forms = http ? normalForms(http.path, profile) : [undefined];
    const parts = forms.map(path => this.onPath(transport, path));
    const guess: Condition = {
      kind: 'profile-guess',
      text: `The path ${
        http?.path ?? ''
      } is read otherwise by other settings of pathNormalization, which is not stated.`,
    };
    const tri = agree(
      parts.map(part => part.tri),
      [guess],
    );
    return { ...parts[0], tri };
  }

  mtls(transport: Transport): Part {
    const { readings, conditions } = this.#model.mtls;
    const parts = readings.map(settings =>
      mtlsPart(settings, transport, this.call.port, this.from),
    );
    const tri = agree(
      parts.map(part => part.tri),
      conditions,
    );
    const invalid = this.#model.invalidMtls;
    if (
      transport === 'plaintext' &&
      invalid.length > 0 &&
      tri.value === 'yes'
    ) {
      const unknown = invalid.map(({ name }) =>
        maybe({
          kind: 'invalid-object',
          text: `Istio would reject PeerAuthentication ${name}; an earlier version of it may refuse plaintext.`,
          object: `PeerAuthentication ${name}`,
        }),
      );
      return {
        tri: allOf(unknown),
        by: parts.flatMap(part => part.by),
        text: parts[0].text,
      };
    }
    return {
      tri,
      by: [...new Set(parts.flatMap(part => part.by))],
      text: parts.map(part => part.text).join(' '),
    };
  }

  private onPath(transport: Transport, path: string | undefined): Part {
    const { http, port } = this.call;
    const seen =
      http && path !== undefined
        ? { port, http: { ...http, path, host: http.host ?? '' } }
        : { port };
    const caller = this.world.caller(this.from, transport);
    const ask = (kind: 'http' | 'tcp') =>
      authorizationAnswer(
        this.#model.policies,
        caller,
        kind,
        seen,
        this.world.cluster,
      );
    if (this.#kind === 'tcp') return ask('tcp');
    if (this.#kind === 'auto') return ask(seen.http ? 'http' : 'tcp');
    if (this.#kind === 'http') return ask('http');
    const [asHttp, asTcp] = [ask('http'), ask('tcp')];
    const conflict: Condition = {
      kind: 'protocol-conflict',
      text: `Services disagree about the protocol of port ${port}.`,
    };
    return { ...asHttp, tri: agree([asHttp.tri, asTcp.tri], [conflict]) };
  }

  /** The call leaves open what policies ask for: all values of it are looked at, as sets. */
  private quantified(
    transport: Transport,
    kind: 'request-unknown' | 'host-unknown',
  ): Part {
    const { port, http } = this.call;
    const caller = this.world.caller(this.from, transport);
    const bounds = authorized(this.#model, caller, this.world.cluster);
    const forms = http
      ? normalForms(http.path, this.world.cluster.profile)
      : [undefined];
    const requests = forms.map(path => ({
      protocol: 'TCP' as const,
      port,
      ...(http ? { method: http.method, path: path ?? '' } : {}),
      ...(http?.host !== undefined ? { host: http.host } : {}),
    }));
    const by = this.#model.policies.map(policy => policy.ref);
    const names = by.map(objectName).join(', ');
    if (requests.every(request => bounds.sure.contains(request))) {
      return { tri: YES, by, text: `${names} admits it whatever is sent.` };
    }
    if (!requests.some(request => bounds.possible.mayContain(request))) {
      return { tri: NO, by, text: `${names} refuses it whatever is sent.` };
    }
    const text =
      kind === 'host-unknown'
        ? `${names} asks for the host, which the call leaves open.`
        : `The connection is accepted; ${names} decides by method, path or other properties of each request.`;
    return {
      tri: {
        value: 'maybe',
        conditions: [{ kind, text }, ...bounds.conditions],
      },
      by,
      text,
    };
  }
}

function hopLayer(model: SidecarModel): Layer {
  return asksFor(
    model,
    name => ['methods', 'paths', 'hosts'].includes(name) || isHttpOnly(name),
  )
    ? 'method'
    : 'identity';
}

/**
 * What the mesh says to a call at a workload. `options.via` decides which
 * DestinationRule is looked at; without it all ways in are, and ways that
 * differ make the answer conditional.
 */
export function meshAnswer(
  world: ClusterWorld,
  from: Party,
  to: WorkloadParty,
  call: Call,
  via?: Service,
): MeshAnswer {
  const { workload } = to;
  if (workload.mesh === 'none' && !workload.meshIsGuess)
    return { tri: YES, hops: [] };
  if ((call.protocol ?? 'TCP') !== 'TCP') return { tri: YES, hops: [] };
  const at = `sidecar of ${workload.id}`;
  const hop = (layer: Layer, part: Part): Hop => ({
    at,
    layer,
    direction: 'ingress',
    verdict: verdictOf(part.tri),
    by: part.by,
    text: part.text,
  });
  const ambient = world.ambientConditions(from, to);
  if (ambient.length > 0) {
    const tri: Tri = { value: 'maybe', conditions: ambient };
    return {
      tri,
      hops: [hop('identity', { tri, by: [], text: ambient[0].text })],
    };
  }
  const filters = world.unmodelled.of(workload, 'mesh');
  const model = world.model(to);
  const isOutside = portKind(model, call.port) === 'none';
  if (isOutside && filters.length === 0) {
    const text = `Port ${call.port} is not captured by the sidecar: neither identity nor method is checked.`;
    return { tri: YES, hops: [hop('identity', { tri: YES, by: [], text })] };
  }
  const options: CallOptions = {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  };
  const { usual, ports } = world.transports(from, to, options);
  const question = new SidecarQuestion(world, from, to, call);
  const parts = (isOutside ? [] : ports.get(call.port) ?? usual).map(
    transport => {
      const mtls = question.mtls(transport);
      const authorization = question.authorization(transport);
      return { mtls, authorization, tri: allOf([mtls.tri, authorization.tri]) };
    },
  );
  const ways = [wayIn(from, to)];
  let tri =
    parts.length > 0
      ? agree(
          parts.map(part => part.tri),
          ways,
        )
      : YES;
  const hops: Hop[] = [];
  if (parts.length > 0) {
    const [first] = parts;
    hops.push(
      hop('identity', {
        ...first.mtls,
        tri: agree(
          parts.map(part => part.mtls.tri),
          ways,
        ),
      }),
    );
    if (model.policies.length > 0) {
      const whole = agree(
        parts.map(part => part.authorization.tri),
        ways,
      );
      hops.push(hop(hopLayer(model), { ...first.authorization, tri: whole }));
    }
  }
  if (filters.length > 0) {
    tri = { value: 'maybe', conditions: [...tri.conditions, ...filters] };
    hops.push(hop('method', { tri, by: [], text: filters[0].text }));
  }
  if (workload.meshIsGuess && tri.value !== 'yes') {
    const guess = meshGuess(workload);
    tri = {
      value: 'maybe',
      conditions: uniqueConditions([...tri.conditions, guess]),
    };
    for (const each of hops)
      if (each.verdict === 'deny') each.verdict = 'conditional';
  }
  return { tri, hops };
}
