import { Mutant, mutant } from './Mutant';

const shapes = 'evaluate/fieldShapes.ts';
const networkPolicy = 'evaluate/networkpolicy/parseNetworkPolicy.ts';
const target = 'evaluate/istio/parseTargets.ts';

/** Faults of reading: what no cluster has counts as a policy. */
export const OF_READING: readonly Mutant[] = [
  mutant('objects-of-any-shape', shapes, '&& !isJson(value))', '&& false)'),
  mutant('lists-of-any-shape', shapes, '!Array.isArray(value))', 'false)'),
  mutant(
    'any-policy-type',
    networkPolicy,
    'if (!isDirection(type)) {',
    'if (false) {',
    'admission',
  ),
  mutant('targets-of-any-type', target, '!isField || !isText', '!isField'),
];
