import { Check } from './LintContext';
import { few, notice } from './notice';

/** Policies of workloads of which ports go past the sidecar. */
export const excludedPorts: Check = ({ authorizations }) =>
  authorizations.flatMap(({ manifest, workloads, spec, targets }) => {
    if (targets.length > 0 || spec.isDryRun) return [];
    const past = workloads.filter(
      ({ mesh, inboundExcludedPorts, containerPorts }) =>
        mesh === 'sidecar' &&
        containerPorts.some(({ port }) => inboundExcludedPorts.includes(port)),
    );
    if (past.length === 0) return [];
    const ports = past.flatMap(({ containerPorts, inboundExcludedPorts }) =>
      containerPorts
        .map(({ port }) => port)
        .filter(port => inboundExcludedPorts.includes(port))
        .map(String),
    );
    const ids = past.map(({ id }) => id);
    return [
      notice('port-past-policy', {
        manifest,
        text: `does not hold on port ${few(ports)} of ${few(
          ids,
        )}: traffic.sidecar.istio.io/excludeInboundPorts leads it past the sidecar.`,
        others: ids,
      }),
    ];
  });
