import type { Finding, FindingCode } from '@callgate/policy';
import type { AccessRow } from '@callgate/plugin-callgate-common';
import { noEstateOf, type NoEstate } from '../../proposals/unknownEstate';
import type { Snapshot } from '../../proposals/types';

/** Findings that are true whatever runs: of declarations, the catalog, definitions, and what could not be read. */
const WHATEVER_RUNS: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'policy-syntax',
  'policy-invalid',
  'unknown-field',
  'field-not-supported-yet',
  'duplicate-grant',
  'duplicate-policy',
  'path-not-expressible',
  'text-too-long',
  'text-not-printable',
  'api-not-found',
  'owner-mismatch',
  'provider-missing',
  'caller-not-found',
  'caller-set-empty',
  'input-unreadable',
  'contract-unreadable',
  'contract-part-unreadable',
  'contract-ref-not-followed',
  'contract-duplicate-operation',
  'contract-empty',
  'base-path-ambiguous',
  'unknown-operation',
  'binding-missing',
  'binding-invalid',
  'estate-not-readable',
  'profile-invalid',
  'platform-not-readable',
  'guardrail-invalid',
  'approvals-invalid',
]);

const BECAUSE: Record<NoEstate, string> = {
  'none-configured':
    'declared; whether it holds is not known, because no cluster is configured',
  'first-read':
    'declared; whether it holds is not known until the clusters were read',
  'never-read':
    'declared; whether it holds is not known, because the clusters could not be read yet',
};

/**
 * Rows and findings as they are while nothing is known of what runs: that a workload is not there is no news then, and nothing that
 * follows from it is said.
 */
export function withoutEstate(snapshot: Pick<Snapshot, 'source'>): {
  rows: (rows: readonly AccessRow[]) => AccessRow[];
  findings: (findings: readonly Finding[]) => Finding[];
} {
  const why = noEstateOf(snapshot.source);
  if (why === undefined)
    return { rows: rows => [...rows], findings: found => [...found] };
  return {
    rows: rows =>
      rows.map(row => ({
        ...row,
        certainty: 'unknown',
        grants: row.grants.map(grant => ({
          ...grant,
          status: 'unknown',
          because: BECAUSE[why],
          refusedBy: [],
        })),
        beyond: [],
        mayRequest: false,
      })),
    findings: found => found.filter(({ code }) => WHATEVER_RUNS.has(code)),
  };
}
