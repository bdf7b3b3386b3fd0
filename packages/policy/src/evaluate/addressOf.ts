import { servicesOf, targetPort } from '../estate/serviceLookup';
import { CallOptions } from './CallOptions';
import { Party } from './party';
import { Call } from './types';

/** The address that `via` names, or why it leads elsewhere. */
export function addressOf(
  call: Call,
  to: Party,
): { via?: CallOptions['via']; problem?: string } {
  if (call.via === undefined || to.kind === 'address') return {};
  if (call.via === 'pod') return { via: 'pod' };
  const { service: name, port: number } = call.via;
  const service = servicesOf(to.cluster, to.workload).find(
    each => each.id === name,
  );
  if (!service)
    return { problem: `Service ${name} does not select ${to.workload.id}.` };
  const port = service.ports.find(
    each => each.port === number && each.protocol === (call.protocol ?? 'TCP'),
  );
  if (!port) return { problem: `Service ${name} has no port ${number}.` };
  const target = targetPort(port, to.workload);
  if (target === call.port) return { via: { service, port } };
  const where =
    target === undefined
      ? `a port that ${to.workload.id} does not name`
      : `port ${target}`;
  return {
    problem: `Port ${number} of Service ${name} leads to ${where} of ${to.workload.id}, not to ${call.port}.`,
  };
}
