import { Cluster } from '../estate/types';
import { agree } from './agree';
import { unreadMtls } from './conditions';
import { Caller } from './istio/caller';
import { Transport } from './istio/destinationRules';
import { authorizationAnswer } from './istio/authorizationAnswer';
import { normalForms } from './istio/normalizePath';
import { MtlsSettings } from './istio/peerAuthentication';
import { authorized } from './istio/proxyBounds';
import { PortKind, ProxyModel, portKind } from './istio/ProxyModel';
import { isHttpOnly } from './istio/sourceMatch';
import { objectName } from './objectName';
import { Party, nameOf } from './party';
import { NO, Tri, YES, allOf, maybe } from './tri';
import { Call, Condition, Layer, RuleRef } from './types';
import { whoDecides } from './whoDecides';

/** A part of an answer, with the rules that decided it. */
export interface Part {
  tri: Tri;
  by: RuleRef[];
  text: string;
  /** What is sent is not read, so that no policy is asked about it. */
  isUnread?: boolean;
}

function mtlsPart(
  settings: MtlsSettings,
  transport: Transport | 'tunnel',
  port: number,
  from: Party,
  at: string,
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
      tri: maybe(unreadMtls(from, at)),
      by: settings.by,
      text: `${who} disables mutual TLS, and ${nameOf(from)} sends it.`,
      isUnread: true,
    };
  }
  return {
    tri: YES,
    by: settings.by,
    text: `${who} takes ${
      transport === 'plaintext' ? 'plaintext' : 'mutual TLS'
    } (${mode}).`,
  };
}

/** Do the proxy's policies ask for the host, or for anything of HTTP? */
function asksFor(model: ProxyModel, test: (name: string) => boolean): boolean {
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

/** One call before one proxy. */
export class ProxyQuestion {
  readonly #model: ProxyModel;
  readonly #kind: PortKind;
  readonly #cluster: Cluster;

  constructor(
    model: ProxyModel,
    readonly call: Pick<Call, 'port' | 'http'>,
    cluster: Cluster,
  ) {
    this.#model = model;
    this.#kind = portKind(model, call.port);
    this.#cluster = cluster;
  }

  /** What the policies say, over one transport. */
  authorization(caller: Caller): Part {
    const { call } = this;
    const http = call.http;
    const isHttp = asksFor(this.#model, isHttpOnly);
    const readsHttp = this.#kind !== 'tcp';
    if (readsHttp && isHttp && !http)
      return this.quantified(caller, 'request-unknown');
    if (
      readsHttp &&
      http &&
      http.host === undefined &&
      asksFor(this.#model, name => name === 'hosts')
    ) {
      return this.quantified(caller, 'host-unknown');
    }
    const { profile } = this.#cluster;
    const forms = http ? normalForms(http.path, profile) : [undefined];
    const parts = forms.map(path => this.onPath(caller, path));
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

  /** What the proxy demands of the connection. */
  mtls(transport: Transport | 'tunnel', from: Party): Part {
    const { readings, conditions } = this.#model.mtls;
    const parts = readings.map(settings =>
      mtlsPart(settings, transport, this.call.port, from, this.#model.at),
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
      isUnread: parts.some(part => part.isUnread),
    };
  }

  private onPath(caller: Caller, path: string | undefined): Part {
    const { http, port } = this.call;
    const seen =
      http && path !== undefined
        ? { port, http: { ...http, path, host: http.host ?? '' } }
        : { port };
    const ask = (kind: 'http' | 'tcp') =>
      authorizationAnswer(
        this.#model.policies,
        caller,
        kind,
        seen,
        this.#cluster,
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
    caller: Caller,
    kind: 'request-unknown' | 'host-unknown',
  ): Part {
    const { port, http } = this.call;
    const bounds = authorized(this.#model, caller, this.#cluster);
    const forms = http
      ? normalForms(http.path, this.#cluster.profile)
      : [undefined];
    const requests = forms.map(path => ({
      protocol: 'TCP' as const,
      port,
      ...(http ? { method: http.method, path: path ?? '' } : {}),
      ...(http?.host !== undefined ? { host: http.host } : {}),
    }));
    const by = this.#model.policies.map(policy => policy.ref);
    const say = (one: string, several: string) =>
      whoDecides(by, [one, several]);
    if (requests.every(request => bounds.sure.contains(request))) {
      return {
        tri: YES,
        by,
        text: `${say('admits', 'admit')} it whatever is sent.`,
      };
    }
    if (!requests.some(request => bounds.possible.mayContain(request))) {
      return {
        tri: NO,
        by,
        text: `${say('refuses', 'refuse')} it whatever is sent.`,
      };
    }
    const text =
      kind === 'host-unknown'
        ? `${say('asks', 'ask')} for the host, which the call leaves open.`
        : `The connection is accepted; ${say(
            'decides',
            'decide',
          )} by method, path or other properties of each request.`;
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

/** The layer that its policies are of. */
export function hopLayer(model: ProxyModel): Layer {
  return asksFor(
    model,
    name => ['methods', 'paths', 'hosts'].includes(name) || isHttpOnly(name),
  )
    ? 'method'
    : 'identity';
}
