import { FindingCode } from '../findings';
import { Binding, BINDING } from './bindEntity';
import { Report } from './Report';
import { UnsupportedRow } from './types';

const REASONS: Record<UnsupportedRow, string> = {
  'host-in-mesh':
    'hosts in another network than the cluster (profile: mesh.network) are not generated yet',
  'host-outside': 'hosts outside the cluster are not generated yet',
  saas: 'what is reached by name outside the estate is not generated yet',
  'host-network': 'workloads on the host network cannot be selected',
  'cross-cluster': 'calls from one cluster into another are not generated yet',
};

/** Why a row is not generated, as part of a sentence. */
export function reasonOf(row: UnsupportedRow): string {
  return REASONS[row];
}

/** Says why an entity has no workloads. Nothing for hosts: their grants are reported one by one. */
export function reportBinding(
  ref: string,
  binding: Binding,
  report: Report,
  code?: FindingCode,
): void {
  if (binding.kind === 'missing')
    report.add(
      code ?? 'binding-missing',
      `${ref} is not bound to any workload`,
      [ref],
      {
        fix: `Set ${BINDING.id} or ${BINDING.selector} on ${ref}.`,
      },
    );
  if (binding.kind === 'invalid')
    report.add(
      'binding-invalid',
      `The binding of ${ref} cannot be read: ${binding.reason}`,
      [ref],
    );
  if (binding.kind === 'nothing')
    report.add(
      code ?? 'binding-no-workload',
      `No workload has ${binding.looked}, which ${ref} is bound by`,
      [ref],
    );
}
