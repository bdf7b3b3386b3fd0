import { Workload } from '../estate/types';
import { Gap, GrantOperation } from '../model/types';
import { egressOf } from './egressState';
import { areRead } from './areRead';
import { PlanContext } from './PlanContext';
import type { GrantInput } from './planGrant';
import { Target } from './portAccess';
import { Report } from './Report';
import { Caller } from './resolveCallers';
import { ResolvedOperation } from './resolveOperation';
import { Edge } from './types';
import { detail, entity, said, workload } from '../words';

/** A host that Istio knows without a proxy on it: only its address and port count. */
export function withoutProxy(
  target: Target,
  host: Workload,
  context: PlanContext,
  report: Report,
): Target {
  const end = context.ends.of(target.cluster, host, new Set(), report);
  const port =
    'ports' in target.apiPort
      ? target.apiPort.ports.get(host.id)?.port
      : undefined;
  return {
    ...target,
    ...(end && { host: { end, ...(port !== undefined && { port }) } }),
  };
}

/** One workload that calls a host outside. */
interface Question {
  caller: Caller;
  target: Target;
  from: Workload;
  acknowledges: ReadonlySet<Gap>;
  report: Report;
}

/** Ports with the labels of the operations on them, and whether methods are lost. */
function portsOf(
  operations: readonly ResolvedOperation[],
  { target, acknowledges, report }: Question,
):
  | Map<
      string,
      {
        protocol: Edge['protocol'];
        port: number;
        labels: string[];
        granted: GrantOperation[];
        gaps: Gap[];
      }
    >
  | undefined {
  const ports: NonNullable<ReturnType<typeof portsOf>> = new Map();
  const id = target.host?.end.id ?? '';
  for (const { port: wanted, http, label, granted } of operations) {
    const protocol = wanted === 'api' ? 'TCP' : wanted.protocol;
    const port = wanted === 'api' ? target.host?.port : wanted.number;
    if (port === undefined) {
      report.add(
        'port-not-found',
        said`Nothing says on which port ${entity(
          target.provider,
        )} serves the API`,
        [target.provider],
        { fix: 'Set callgate.dev/port on the API to its number.' },
      );
      return undefined;
    }
    if (http && !acknowledges.has('method-not-enforced')) {
      report.add(
        'method-not-enforceable',
        said`Methods are granted on ${entity(
          target.provider,
        )}, a host outside the cluster${detail(
          ` (${id})`,
          '',
        )}: only its whole port ${port} can be opened`,
        [target.provider],
      );
      return undefined;
    }
    if (!http)
      report.add(
        'whole-port-granted',
        said`The grant covers everything behind ${protocol} ${port} of ${entity(
          target.provider,
        )}`,
        [target.provider],
      );
    const key = `${protocol} ${port}`;
    const known = ports.get(key);
    ports.set(key, {
      protocol,
      port,
      labels: [...(known?.labels ?? []), label],
      granted: [...(known?.granted ?? []), granted],
      gaps: http ? ['method-not-enforced'] : known?.gaps ?? [],
    });
  }
  return ports;
}

/**
 * Edges to a host outside the cluster. Nothing of ours stands in front of it, so what holds is the caller's own egress, by
 * address and port; a caller whose egress is open would not be held by anything.
 */
export function planHostOutside(
  context: PlanContext,
  input: GrantInput,
  question: Question,
): Edge[] {
  const { caller, target, from, report } = question;
  const { cluster, host, provider } = target;
  if (!host) return [];
  if (!areRead(cluster, [from], report)) return [];
  if (from.hostNetwork) {
    report.add(
      'host-network-caller',
      said`${workload(
        from.id,
      )} runs on the host network: policies see the address of its node`,
      [from.id],
    );
    return [];
  }
  if (host.end.cidrs?.length === 0) {
    report.add(
      'host-address-unknown',
      said`${workload(
        host.end.id,
      )} has no address in its entry that network policies could name`,
      [host.end.id],
    );
    return [];
  }
  const egress = egressOf(context, cluster, from);
  if (egress === 'open') {
    report.add(
      'egress-open',
      said`${workload(from.id)} in ${
        cluster.name
      } may call everything outside, so a grant on ${entity(
        provider,
      )} would limit nothing`,
      [from.id, provider],
    );
    return [];
  }
  const end = context.ends.of(cluster, from, new Set(), report);
  const ports = portsOf(input.operations, question);
  if (!end || !ports) return [];
  const open = egress === 'isolated-by-others' && input.mode !== 'enforce';
  return [...ports.values()].map(
    ({ protocol, port, labels, granted, gaps }): Edge => ({
      cluster: cluster.name,
      api: input.api,
      policy: input.policy,
      grantId: input.grant.id,
      caller: caller.ref,
      declaredCaller: input.grant.caller,
      provider,
      from: end,
      to: host.end,
      protocol,
      port,
      servicePorts: [],
      layers: {
        kernel: input.mode === 'enforce' ? 'enforced' : 'none',
        identity: 'none',
        method:
          gaps.length > 0 && input.mode === 'enforce'
            ? 'acknowledged-gap'
            : 'none',
      },
      operations: [...new Set(labels)].sort(),
      granted,
      row: 'host-outside',
      mode: input.mode,
      gaps,
      egress,
      hops: [
        {
          from: end,
          to: host.end,
          protocol,
          port,
          egress: open ? 'open' : egress,
          ingress: 'open',
        },
      ],
      admissions: [],
    }),
  );
}
