import type { CallerAccess } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';
import { grantedEdge, ungrantedEdge } from './edges';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toSource } from './source';
import { withoutEstate } from './withoutEstate';

/** What an entity may call: one row for each grant that opens something for it, or was meant to, and for what it can do without one. */
export function callerAccess(
  facts: AccessFacts,
  callerRef: string,
  labelOf: LabelOf,
  discretion: Discretion,
): Pick<CallerAccess, 'caller' | 'calls' | 'targets' | 'findings' | 'source'> {
  const context = { facts, labelOf, discretion };
  const caller = labelOf(callerRef);
  const known = withoutEstate(facts.snapshot);
  const rows = facts.accessOf(callerRef).rows.flatMap(row => {
    // The grant of somebody else who runs as the same workload, and may be hidden.
    const own = discretion.hides(row.caller.ref)
      ? labelOf(row.caller.ref)
      : caller;
    return [
      ...row.grants.map(grant =>
        grantedEdge(
          context,
          row.api,
          grant,
          [row],
          own,
          grant.pairs.filter(pair => pair.caller === row.caller.ref),
        ),
      ),
      ...ungrantedEdge(context, row, own),
    ];
  });
  const calls = known.rows(rows);
  const consumed = facts.apisConsumedBy(callerRef);
  return {
    caller,
    calls,
    targets: [...new Set([...consumed, ...calls.map(each => each.api.ref)])]
      .filter(ref => ref !== '')
      .sort()
      .map(labelOf),
    findings: toFindings(
      known.findings(facts.findingsAbout(callerRef)),
      discretion,
    ),
    source: toSource(facts.snapshot, discretion),
  };
}
