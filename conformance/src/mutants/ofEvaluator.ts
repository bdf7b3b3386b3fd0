import { Mutant, mutant } from './Mutant';

const kernel = 'evaluate/networkpolicy/kernel.ts';
const parse = 'evaluate/networkpolicy/parseNetworkPolicy.ts';
const text = 'evaluate/istio/textMatch.ts';
const source = 'evaluate/istio/sourceMatch.ts';
const operation = 'evaluate/istio/operationMatch.ts';
const answer = 'evaluate/istio/authorizationAnswer.ts';
const path = 'evaluate/istio/normalizePath.ts';
const forZtunnel = 'evaluate/istio/ztunnelPolicy.ts';
const ztunnelMtls = 'evaluate/istio/ztunnelMtls.ts';

/** Faults of the evaluator: what it says is not what the engines do. */
export const OF_EVALUATOR: readonly Mutant[] = [
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
