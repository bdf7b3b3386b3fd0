import { FindingCode } from '../findings';
import { Binding, BINDING } from './bindEntity';
import { reportClaims } from './claims/reportClaims';
import { Report } from './Report';
import { UnsupportedRow } from './types';
import { detail, entity, said } from '../words';

/** Why a row is refused: part of a sentence, and the finding that says it. */
export interface Refusal {
  code: FindingCode;
  reason: string;
}

const REFUSALS: Record<UnsupportedRow, Refusal> = {
  'host-in-mesh': {
    code: 'host-in-other-network',
    reason:
      'the host is in another network than the cluster (profile: mesh.network), so calls pass a gateway that stands for all of them',
  },
  'host-outside': {
    code: 'host-without-address',
    reason: `what runs outside the cluster is told apart by its addresses, and it has no ${BINDING.addresses}`,
  },
  saas: {
    code: 'name-not-enforceable',
    reason: `it is known by name only (${BINDING.hosts}), and network policies know addresses`,
  },
  'cross-cluster': {
    code: 'clusters-crossed',
    reason:
      'caller and provider run in different clusters, and what comes through a gateway between them is told apart by no network policy',
  },
};

/** Why a row is refused. */
export function refusalOf(row: UnsupportedRow): Refusal {
  return REFUSALS[row];
}

/**
 * Whether an entity goes on without the claims that do not hold. Of contested ones an opening may be in force: then what is left
 * has to be known for its own.
 */
function isEnough({
  leftOut = [],
  owned = false,
}: Extract<Binding, { kind: 'workloads' }>): boolean {
  return owned || leftOut.every(({ state }) => state === 'refused');
}

/** Says why an entity has no workloads. Nothing for hosts: their grants are reported one by one. */
export function reportBinding(
  ref: string,
  binding: Binding,
  report: Report,
  code?: FindingCode,
): void {
  if (binding.kind === 'not-held')
    reportClaims(binding.claims, code !== undefined, report);
  if (binding.kind === 'workloads' && binding.leftOut)
    reportClaims(
      binding.leftOut,
      code !== undefined || isEnough(binding),
      report,
    );
  if (binding.kind === 'missing')
    report.add(
      code ?? 'binding-missing',
      said`${entity(ref)} is not bound to any workload`,
      [ref],
      {
        fix: said`Set ${BINDING.id} or ${BINDING.selector} on ${entity(ref)}.`,
      },
    );
  if (binding.kind === 'invalid')
    report.add(
      'binding-invalid',
      said`The binding of ${entity(ref)} cannot be read: ${binding.reason}`,
      [ref],
    );
  if (binding.kind === 'nothing')
    report.add(
      code ?? 'binding-no-workload',
      said`No workload has ${detail(
        binding.looked,
        'the labels',
      )}, which ${entity(ref)} is bound by`,
      [ref],
    );
}
