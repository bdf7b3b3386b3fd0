import { Mutant, mutant } from './Mutant';

const route = 'plan/routeOf.ts';

/** Faults about who runs what: which proxies send HBONE, and which hosts have one. */
export const OF_ENDS: readonly Mutant[] = [
  mutant(
    'hbone-between-sidecars',
    'evaluate/ways/hbone.ts',
    "return to.workload.mesh === 'ambient' ? from.workload.sendsHbone : 'no';",
    'return taken(to);',
  ),
  mutant(
    'hbone-never-sent',
    'estate/sendsHbone.ts',
    "if (always || taken) return 'yes';",
    "if (always || taken) return 'no';",
  ),
  mutant(
    'hbone-for-sidecars',
    route,
    "case 'sidecar-ambient':",
    "case 'sidecar-sidecar':",
  ),
  mutant(
    'every-host-has-a-proxy',
    'estate/readHosts.ts',
    "return mode === undefined ? serviceAccount !== undefined : mode === 'istio';",
    'return true;',
  ),
];

/** Faults of the way that a call takes. */
export const OF_WAYS: readonly Mutant[] = [
  mutant(
    'waypoint-sees-the-pod-port',
    'evaluate/ways/callAnswer.ts',
    'address ? { ...call, port: address.port.port } : call',
    'call',
  ),
];

/** Faults of what is said about differences, ways and changes. */
export const OF_ANSWERS: readonly Mutant[] = [
  mutant(
    'diff-without-egress',
    'reach/touchedEnds.ts',
    "this.touch('egress', workloads)",
    'true',
  ),
  mutant(
    'diff-without-mesh',
    'reach/touchedEnds.ts',
    'this.ends[way].add(this.nameOf(workload));',
    "if (way !== 'mesh') this.ends[way].add(this.nameOf(workload));",
  ),
  mutant(
    'reach-one-way-only',
    'evaluate/ways/combineWays.ts',
    'possible = possible.union(bounds.possible.intersect(on));',
    '',
  ),
  mutant(
    'another-rule-decides',
    'evaluate/istio/authorizationRules.ts',
    '`rules[${rule.index}]`',
    '`rules[${rule.index + 1}]`',
  ),
  mutant(
    'changes-leave-an-empty-deny',
    'evaluate/changes/meshChanges.ts',
    'if (kept.length === 0)',
    'if (kept.length < 0)',
  ),
  mutant(
    'changes-not-all-needed',
    'evaluate/changes.ts',
    'if (isAllowed(others)) kept = others;',
    '',
  ),
];
