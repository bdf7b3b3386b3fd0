import { Mutant, mutant } from './Mutant';

const rules = 'emit/istio/authorizationRules.ts';
const istio = 'emit/istio/istioEmitter.ts';
const kernelEmitter = 'emit/networkpolicy/networkPolicyEmitter.ts';
const peers = 'emit/networkpolicy/peerRules.ts';
const route = 'plan/routeOf.ts';

/** Faults of the emitters: what is generated opens more or less than is declared. */
export const OF_EMITTERS: readonly Mutant[] = [
  mutant('drop-from', kernelEmitter, '{ from: peers, ports }', '{ ports }'),
  mutant(
    'drop-ports',
    kernelEmitter,
    '{ from: peers, ports }',
    '{ from: peers }',
  ),
  mutant(
    'egress-for-ingress',
    kernelEmitter,
    'policyTypes: [direction]',
    "policyTypes: ['Egress']",
  ),
  mutant(
    'no-rules-of-grants',
    kernelEmitter,
    "...openingsOf(hops, 'from'), ...plumbing",
    '...plumbing',
  ),
  mutant(
    'callee-as-peer',
    kernelEmitter,
    "openingsOf(hops, 'from')",
    "openingsOf(hops, 'to')",
  ),
  mutant(
    'any-namespace',
    peers,
    "matchLabels: { 'kubernetes.io/metadata.name': end.namespace },",
    'matchLabels: {},',
  ),
  mutant(
    'no-pod-selector',
    peers,
    'podSelector: { matchLabels: end.selector },',
    '',
  ),
  mutant('ports-of-first-peer', peers, 'ports.map(portKey).join()', "''"),
  mutant(
    'forget-hbone',
    route,
    "    case 'ambient':\n    case 'waypoint':",
    "    case 'waypoint':",
  ),
  mutant('wrong-hbone-port', route, 'HBONE_PORT = 15008', 'HBONE_PORT = 15006'),
  mutant(
    'plaintext-as-anybody',
    route,
    "if (row === 'mesh-plain' || meshOfCaller(from) === 'none')",
    "if (row !== 'mesh-plain')",
  ),
  mutant(
    'no-http-at-workload',
    route,
    '...(enforceable.http && { http: enforceable.http }),',
    '',
  ),
  mutant(
    'drop-principals',
    rules,
    'chunks(names, LIMITS.sources).map(principals => ({ principals }))',
    "[{ notPrincipals: ['nobody'] }] as never",
  ),
  mutant(
    'any-method',
    rules,
    "(methods.length > 0 ? methods : ['*'])",
    "['*']",
  ),
  mutant(
    'methods-of-first-path',
    rules,
    '({ methods }) => methods.join()',
    "() => ''",
  ),
  mutant(
    'no-port',
    rules,
    'const ports = [String(port)];',
    "const ports = ['1-65535'].slice(1);",
  ),
  mutant(
    'whole-port-wins',
    rules,
    'accesses.some(({ request }) => request === undefined)',
    'accesses.some(({ request }) => request !== undefined)',
  ),
  mutant(
    'audit-as-enforce',
    istio,
    "...(mode === 'audit' && {",
    "...(mode !== 'audit' && {",
  ),
  mutant('deny-for-allow', istio, "action: 'ALLOW',", "action: 'DENY',"),
  mutant(
    'no-empty-policy',
    istio,
    '...(portion.length > 0 && { rules: portion }),',
    'rules: portion.length > 0 ? portion : [{}],',
  ),
  mutant(
    'disable-for-strict',
    istio,
    "mtls: { mode: 'STRICT' }",
    "mtls: { mode: 'DISABLE' }",
  ),
  mutant(
    'no-permissive-ports',
    istio,
    'permissivePorts.length > 0 &&',
    'permissivePorts.length > 99 &&',
  ),
  mutant('one-segment-as-many', 'emit/istio/istioPath.ts', "'/{*}'", "'/{**}'"),
  mutant(
    'many-segments-as-one',
    'emit/istio/istioPath.ts',
    'segment.text}`',
    'segment.text}x`',
  ),
  mutant(
    'tcp-for-udp',
    route,
    'protocol: question.port.protocol,',
    "protocol: 'TCP',",
  ),
  mutant(
    'closed-callers-stay-closed',
    kernelEmitter,
    '      ...egressPolicies(hops),\n',
    '',
  ),
  mutant(
    'no-plumbing-of-egress',
    kernelEmitter,
    'peerRules(plumbingOpenings(plumbing)),',
    'peerRules([]),',
  ),
  mutant(
    'first-block-of-a-host',
    peers,
    'return (end.cidrs ?? []).map(',
    'return (end.cidrs ?? []).slice(0, 1).map(',
  ),
  mutant('grpc-is-opaque', 'plan/workloadPorts.ts', "  'grpc',\n", ''),
  mutant(
    'service-port-for-workload',
    'plan/workloadPorts.ts',
    'const target = targetPort(port, workload);',
    'const target = targetPort(port, workload) && port.port;',
  ),
  mutant(
    'pod-port-at-waypoint',
    route,
    'port: servicePort,',
    'port: port.port,',
  ),
];
