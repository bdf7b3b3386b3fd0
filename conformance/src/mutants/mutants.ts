/** One deliberate fault: text of a source file of the policy package, and what stands there instead. */
export interface Mutant {
  id: string;
  /** Below `packages/policy/src`. */
  file: string;
  find: string;
  replace: string;
}

const rules = 'emit/istio/authorizationRules.ts';
const istio = 'emit/istio/istioEmitter.ts';
const kernelEmitter = 'emit/networkpolicy/networkPolicyEmitter.ts';
const peers = 'emit/networkpolicy/peerRules.ts';
const route = 'plan/routeOf.ts';
const kernel = 'evaluate/networkpolicy/kernel.ts';
const parse = 'evaluate/networkpolicy/parseNetworkPolicy.ts';
const text = 'evaluate/istio/textMatch.ts';
const source = 'evaluate/istio/sourceMatch.ts';
const operation = 'evaluate/istio/operationMatch.ts';
const answer = 'evaluate/istio/authorizationAnswer.ts';
const path = 'evaluate/istio/normalizePath.ts';
const forZtunnel = 'evaluate/istio/ztunnelPolicy.ts';
const ztunnelMtls = 'evaluate/istio/ztunnelMtls.ts';

const mutant = (
  id: string,
  file: string,
  find: string,
  replace: string,
): Mutant => ({ id, file, find, replace });

/** Faults of the emitters: what is generated opens more or less than is declared. */
const OF_EMITTERS: readonly Mutant[] = [
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
];

/** Faults of the evaluator: what it says is not what the engines do. */
const OF_EVALUATOR: readonly Mutant[] = [
  mutant(
    'kernel-direction',
    kernel,
    "direction === 'ingress' ? subject : other;\n  const valid",
    "direction === 'ingress' ? other : subject;\n  const valid",
  ),
  mutant(
    'kernel-isolation',
    kernel,
    'if (valid.length === 0) {',
    'if (valid.length <= 1) {',
  ),
  mutant(
    'kernel-end-port',
    kernel,
    'port <= (spec.to ?? spec.from)',
    'port < (spec.to ?? spec.from)',
  ),
  mutant(
    'kernel-protocol',
    kernel,
    'if (spec.protocol !== protocol) return false;',
    '',
  ),
  mutant(
    'kernel-default-protocol',
    parse,
    "raw.protocol ?? 'TCP'",
    "raw.protocol ?? 'UDP'",
  ),
  mutant('kernel-except', parse, 'rest = rest.subtract(set);', ''),
  mutant(
    'text-suffix',
    text,
    "if (value.startsWith('*'))\n    return text !== '' && text.endsWith(value.slice(1));",
    '',
  ),
  mutant(
    'text-prefix',
    text,
    'text.startsWith(value.slice(0, -1))',
    'text.startsWith(value)',
  ),
  mutant(
    'template-one-segment',
    text,
    'return `${SEGMENT_CLASS}+`;',
    'return `(?:${SEGMENT_CLASS}|/)+`;',
  ),
  mutant(
    'template-many-empty',
    text,
    'return `(?:${SEGMENT_CLASS}|/)*`;',
    'return `(?:${SEGMENT_CLASS}|/)+`;',
  ),
  mutant(
    'host-with-case',
    operation,
    'matchesText(value.toLowerCase(), request.http.host.toLowerCase())',
    'matchesText(value, request.http.host)',
  ),
  mutant(
    'not-values-ignored',
    operation,
    '!(field.notValues ?? []).some(holds)',
    'true',
  ),
  mutant(
    'operations-and',
    operation,
    'return to.some(fields =>',
    'return to.every(fields =>',
  ),
  mutant(
    'aliases-forgotten',
    source,
    '    ...profile.mesh.trustDomainAliases,\n',
    '',
  ),
  mutant(
    'service-account-anywhere',
    source,
    'identity.namespace === namespace &&',
    '',
  ),
  mutant(
    'negation-without-identity',
    source,
    'if (caller.identity === undefined) return NO;',
    'if (caller.identity === undefined) return YES;',
  ),
  mutant(
    'deny-ignored',
    answer,
    "const denies = matches('DENY');",
    "const denies = matches('NONE');",
  ),
  mutant(
    'allow-never-closes',
    answer,
    'hasAllow ? anyOf(allows.map(match => match.tri)) : YES',
    'YES',
  ),
  mutant(
    'slashes-always-merged',
    path,
    "return mode === 'BASE' ? path :",
    "return mode === 'NONE' ? path :",
  ),
  mutant(
    'no-normalization',
    path,
    "mode === 'NONE' || !path.startsWith('/')",
    "mode !== 'NONE' || !path.startsWith('/')",
  ),
  mutant('escaped-slash-kept', path, "path.replace(/%2f/gi, '/')", 'path'),
  mutant(
    'ztunnel-reads-targets',
    forZtunnel,
    'if (spec.targets.length > 0) return undefined;',
    '',
  ),
  mutant(
    'ztunnel-ports-unused',
    ztunnelMtls,
    "if (own?.mode === 'STRICT') return { mode: 'STRICT', ports: lax };",
    "if (own?.mode === 'STRICT') return { mode: 'STRICT', ports: [] };",
  ),
  mutant(
    'ztunnel-mesh-strict',
    ztunnelMtls,
    'ports: isSkipped ? [] : strict',
    'ports: strict',
  ),
];

/** Every deliberate fault; conformance has to notice each of them. */
export const MUTANTS: readonly Mutant[] = [...OF_EMITTERS, ...OF_EVALUATOR];
