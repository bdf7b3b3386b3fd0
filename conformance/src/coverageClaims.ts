/** Who is asked about a row of the coverage table, by what it begins with: the first that fits. */
const ASKED_OF: readonly (readonly [RegExp, string])[] = [
  [/^(NetworkPolicy|call: UDP)/, 'kube-network-policies'],
  [/^(AuthorizationPolicy|trust domain)/, 'istiod, Envoy; ztunnel derived'],
  [/^PeerAuthentication/, 'istiod; ztunnel derived'],
  [/^(paths|call: (HTTP|gRPC))/, 'Envoy'],
  [/^call: TCP/, 'Envoy; ztunnel derived'],
  [/^(provider|caller): ambient|^way: (HBONE|waypoint)/, 'hops derived'],
  [/./, 'istiod, Envoy'],
];

/** Which engine answers for a row, and what of it is our own derivation. */
export function askedOf(feature: string): string {
  return ASKED_OF.find(([test]) => test.test(feature))?.[1] ?? '';
}

/** What we say that is proved: each of these has to be seen with both answers. */
export const CLAIMED: readonly string[] = [
  'AuthorizationPolicy.action: ALLOW',
  'AuthorizationPolicy.action: AUDIT',
  'AuthorizationPolicy.action: DENY',
  'AuthorizationPolicy.rules.to.operation.paths: exact',
  'AuthorizationPolicy.rules.to.operation.paths: prefix*',
  'AuthorizationPolicy.rules.to.operation.paths: *suffix',
  'AuthorizationPolicy.rules.to.operation.paths: {*} (one segment)',
  'AuthorizationPolicy.rules.to.operation.paths: {**} (segments)',
  'NetworkPolicy.ingress.ports.endPort',
  'NetworkPolicy.ingress.from.ipBlock.except',
  'PeerAuthentication.mtls.mode: DISABLE',
  'PeerAuthentication.mtls.mode: PERMISSIVE',
  'PeerAuthentication.mtls.mode: STRICT',
  'PeerAuthentication.portLevelMtls.<port>.mode: DISABLE',
  'PeerAuthentication.portLevelMtls.<port>.mode: PERMISSIVE',
  'PeerAuthentication.portLevelMtls.<port>.mode: STRICT',
  'call: HTTP',
  'call: TCP',
  'call: UDP',
  'call: gRPC',
  'caller: WorkloadEntry with a proxy',
  'caller: ambient',
  'caller: none',
  'caller: outside',
  'caller: sidecar',
  'provider: WorkloadEntry with a proxy',
  'provider: WorkloadEntry without a proxy',
  'provider: ambient',
  'provider: none',
  'provider: sidecar',
  'trust domain aliases',
  'way: HBONE',
  'way: as it is',
  'way: waypoint',
];
