import { Cluster } from '../../estate/types';
import { EVERYTHING } from '../../requestset/HttpSet';
import { RequestSet } from '../../requestset/RequestSet';
import { Bounds } from '../networkpolicy/kernel';
import { Condition } from '../types';
import { authorizedBounds } from './authorizedBounds';
import { Caller } from './caller';
import { Transport } from './destinationRules';
import { unreadMtls } from '../conditions';
import { MtlsMode, MtlsSettings } from './peerAuthentication';
import { ProxyModel, portsSet } from './ProxyModel';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });

/** On a port that only takes HTTP, bytes that are no HTTP reach nobody: all of HTTP is everything. */
function closeOverRaw(set: RequestSet): RequestSet {
  let result = set;
  for (const { from, to, requests } of set.segments('TCP')) {
    const isFull = requests.http.key === EVERYTHING.http.key;
    const whole = RequestSet.of({ protocol: 'TCP', ports: [{ from, to }] });
    const httpOnly = RequestSet.of({
      protocol: 'TCP',
      ports: [{ from, to }],
      methods: [{ present: true }],
    });
    if (isFull) result = result.union(whole);
    else if (requests.raw) result = result.subtract(whole.subtract(httpOnly));
  }
  return result;
}

const HTTP_REQUESTS = RequestSet.of({
  protocol: 'TCP',
  methods: [{ present: true }],
});
const RAW_BYTES = ALL_TCP.subtract(HTTP_REQUESTS);

/** What the authorization policies admit on all captured ports, each read as its protocol says. */
export function authorized(
  model: ProxyModel,
  caller: Caller,
  cluster: Cluster,
): Bounds {
  const http = authorizedBounds(model.policies, caller, 'http', cluster);
  const tcp = authorizedBounds(model.policies, caller, 'tcp', cluster);
  const pick = (side: 'sure' | 'possible') => {
    const [onHttp, onTcp] = [http[side], tcp[side]];
    const asHttp = closeOverRaw(
      onHttp.intersect(model.http.union(model.conflict)),
    );
    const conflict =
      side === 'sure'
        ? asHttp.intersect(onTcp).intersect(model.conflict)
        : asHttp.union(onTcp).intersect(model.conflict);
    return asHttp
      .intersect(model.http)
      .union(onTcp.intersect(model.tcp))
      .union(conflict)
      .union(
        onHttp
          .intersect(HTTP_REQUESTS)
          .union(onTcp.intersect(RAW_BYTES))
          .intersect(model.auto),
      );
  };
  const isCertain =
    http.sure === http.possible &&
    tcp.sure === tcp.possible &&
    model.conflict.isEmpty;
  const possible = pick('possible');
  const sure = isCertain ? possible : pick('sure');
  const conditions: Condition[] = sure.equals(possible)
    ? []
    : [...http.conditions, ...tcp.conditions];
  if (
    !sure.intersect(model.conflict).equals(possible.intersect(model.conflict))
  ) {
    conditions.push({
      kind: 'protocol-conflict',
      text: `Services disagree about the protocol of port ${model.conflict
        .segments('TCP')
        .map(({ from }) => from)
        .join(', ')}.`,
    });
  }
  return { sure, possible, conditions };
}

/** Ports on which the settings refuse the transport. */
export function refusedPorts(
  settings: MtlsSettings,
  transport: Transport | 'tunnel',
): RequestSet {
  return transport === 'plaintext'
    ? portsOfMode(settings, 'STRICT')
    : RequestSet.empty;
}

/** Ports on which the proxy does not terminate the mutual TLS that it is sent. */
function unreadPorts(
  settings: MtlsSettings,
  transport: Transport | 'tunnel',
): RequestSet {
  return transport === 'mtls'
    ? portsOfMode(settings, 'DISABLE')
    : RequestSet.empty;
}

function portsOfMode(settings: MtlsSettings, wanted: MtlsMode): RequestSet {
  let found = settings.mode === wanted ? ALL_TCP : RequestSet.empty;
  for (const [port, mode] of settings.ports) {
    const on = portsSet([port]);
    found = mode === wanted ? found.union(on) : found.subtract(on);
  }
  return found;
}

/** Keeps what every reading gives as sure, and what any gives as possible. */
export function combineReadings(
  readings: readonly Bounds[],
  conditions: readonly Condition[],
): Bounds {
  const sure = readings.map(each => each.sure).reduce((a, b) => a.intersect(b));
  const possible = readings
    .map(each => each.possible)
    .reduce((a, b) => a.union(b));
  const own = readings.flatMap(each => each.conditions);
  return {
    sure,
    possible,
    conditions: sure.equals(possible) ? own : [...own, ...conditions],
  };
}

/**
 * What a proxy admits from a caller that uses one transport on every port.
 * A PeerAuthentication that Istio would reject may have been STRICT in an
 * earlier version: plaintext is then not sure of anything.
 */
export function proxyBounds(
  model: ProxyModel,
  caller: Caller,
  transport: Transport | 'tunnel',
  cluster: Cluster,
): Bounds {
  const inside = authorized(model, caller, cluster);
  const readings = model.mtls.readings.map((settings): Bounds => {
    const refused = refusedPorts(settings, transport);
    const unread = unreadPorts(settings, transport);
    const seen = {
      sure: inside.sure.subtract(refused).union(model.outside),
      possible: inside.possible.subtract(refused).union(model.outside),
      conditions: inside.conditions,
    };
    if (unread.isEmpty) return seen;
    const beside = unread.subtract(model.outside);
    return {
      sure: seen.sure.subtract(beside),
      possible: seen.possible.union(beside),
      conditions: [...seen.conditions, unreadMtls(caller.party, model.at)],
    };
  });
  const bounds = combineReadings(readings, model.mtls.conditions);
  if (model.invalidMtls.length === 0 || transport !== 'plaintext')
    return bounds;
  return {
    sure: bounds.sure.intersect(model.outside),
    possible: bounds.possible,
    conditions: [
      ...bounds.conditions,
      ...model.invalidMtls.map(
        ({ name }): Condition => ({
          kind: 'invalid-object',
          text: `Istio would reject PeerAuthentication ${name}; an earlier version of it may refuse plaintext.`,
          object: `PeerAuthentication ${name}`,
        }),
      ),
    ],
  };
}
