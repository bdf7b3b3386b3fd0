import type { CallerAccess } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import { declaredEdge } from './declaredEdges';
import type { Discretion } from './Discretion';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { contractOf } from './operations';
import { toSource } from './source';

/** What an entity may call: one row for each grant that opens something for it, or was meant to. */
export function callerAccess(
  facts: AccessFacts,
  callerRef: string,
  labelOf: LabelOf,
  discretion: Discretion,
): Pick<CallerAccess, 'caller' | 'calls' | 'targets' | 'findings' | 'source'> {
  const calls = facts.policies().flatMap(policy => {
    const apiRef = policy.spec.api;
    const contract = contractOf(facts.entity(apiRef), apiRef);
    const viaSet = new Set(
      facts
        .edgesOf(apiRef)
        .filter(edge => edge.caller === callerRef)
        .map(edge => edge.grantId),
    );
    return policy.spec.grants
      .filter(grant => grant.caller === callerRef || viaSet.has(grant.id))
      .map(grant => ({
        ...declaredEdge(facts, apiRef, grant, contract, labelOf, discretion),
        caller: labelOf(callerRef),
      }));
  });
  const consumed = facts.apisConsumedBy(callerRef);
  return {
    caller: labelOf(callerRef),
    calls,
    targets: [...new Set([...consumed, ...calls.map(each => each.api.ref)])]
      .filter(ref => ref !== '')
      .sort()
      .map(labelOf),
    findings: toFindings(facts.findingsAbout(callerRef), discretion),
    source: toSource(facts.snapshot.source, discretion),
  };
}
