import {
  withOnly,
  withOnlyGeneratedPolicies,
} from '../compile/generatedObjects';
import { notReadIn } from '../estate/notRead';
import { worldOf } from '../evaluate/__testUtils__/worlds';
import { shop } from '../evaluate/__testUtils__/ask';

// What a note may open would count as opened by whatever policies are asked about, so that `verify` would take surplus of ours
// for what is kept for a held grant, or others' for ours.
it('certain policies alone are judged without what was left out', () => {
  const note = JSON.stringify({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'NotRead',
    metadata: { name: 'networkpolicies', namespace: 'shop' },
    spec: { leftOut: [{ reason: 'too-large', count: 1, names: ['huge'] }] },
  });
  const [cluster] = worldOf(shop + note).clusters;
  expect(notReadIn(cluster)).toHaveLength(1);
  expect(notReadIn(withOnlyGeneratedPolicies(cluster))).toEqual([]);
  expect(notReadIn(withOnly(cluster, []))).toEqual([]);
});
