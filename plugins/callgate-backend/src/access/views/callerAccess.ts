import type { AccessRow as CoreRow } from '@callgate/policy';
import type { CallerAccess } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import { accessRow } from './accessRow';
import type { Discretion } from './Discretion';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { toOthers } from './others';
import { toSource } from './source';
import { withoutEstate } from './withoutEstate';

/** What an entity may call, granted or not: the rows that APIs have of it. */
export function callerAccess(
  facts: AccessFacts,
  callerRef: string,
  labelOf: LabelOf,
  discretion: Discretion,
): Omit<CallerAccess, 'requests'> {
  const context = { facts, labelOf, discretion };
  const answer = facts.accessOf(callerRef);
  const caller = labelOf(callerRef);
  const toRow = (row: CoreRow) =>
    accessRow(
      context,
      row,
      // The grant of somebody else who runs as the same workload, and may be hidden.
      discretion.hides(row.caller.ref) ? labelOf(row.caller.ref) : caller,
    );
  const called = [...answer.rows, ...answer.openToEveryone];
  const known = withoutEstate(facts.snapshot);
  return {
    caller,
    calls: known.rows(answer.rows.map(toRow)),
    openToEveryone: known.rows(answer.openToEveryone.map(toRow)),
    others: toOthers(answer.policies, discretion),
    targets: [...new Set([...answer.consumes, ...called.map(({ api }) => api)])]
      .filter(ref => !discretion.hides(ref))
      .sort()
      .map(labelOf),
    findings: toFindings(
      known.findings(facts.findingsAbout(callerRef)),
      discretion,
    ),
    source: toSource(facts.snapshot, discretion),
  };
}
