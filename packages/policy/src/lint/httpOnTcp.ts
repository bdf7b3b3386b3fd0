import { readProtocols } from '../evaluate/istio/gateway';
import { PortProtocol } from '../evaluate/istio/portProtocols';
import { isHttpOnly } from '../evaluate/istio/sourceMatch';
import { Path } from '../estate/fieldPath';
import { Workload } from '../estate/types';
import { Finding } from '../findings';
import { Check, LintedAuthorization } from './LintContext';
import { few, notice } from './notice';
import { RuleField } from './valuesOf';

interface Entry {
  path: Path;
  fields: readonly RuleField[];
}

/** One way through a rule: what all of its callers and one of its operations ask for. */
function entriesOf(
  rule: LintedAuthorization['spec']['rules'][number],
): Entry[] {
  const at = ['spec', 'rules', rule.index];
  const common = [...(rule.from ?? []).flat(), ...rule.when];
  if (!rule.to) return [{ path: at, fields: common }];
  return rule.to.map((fields, index) => ({
    path: [...at, 'to', index],
    fields: [...fields, ...common],
  }));
}

function statedPorts(fields: readonly RuleField[]): number[] | undefined {
  const field = fields.find(
    ({ name, values }) =>
      (name === 'ports' || name === 'destination.port') && values,
  );
  return field?.values?.map(Number);
}

interface Seen {
  workload: Workload;
  ports: { port: number; protocol: PortProtocol }[];
}

/** Ports that an entry is about and that a Service declares; others the sidecar looks at. */
function seenBy(
  workload: Workload,
  entry: Entry,
  protocols: ReadonlyMap<number, PortProtocol>,
): Seen {
  const stated = statedPorts(entry.fields);
  const ports = [...protocols]
    .filter(([port]) => stated?.includes(port) ?? true)
    .filter(([port]) => !workload.inboundExcludedPorts.includes(port))
    .map(([port, protocol]) => ({ port, protocol }));
  return { workload, ports };
}

function places(
  seen: readonly Seen[],
  wanted: (protocol: PortProtocol) => boolean,
): string[] {
  return seen.flatMap(({ workload, ports }) =>
    ports
      .filter(({ protocol }) => wanted(protocol))
      .map(({ port }) => `port ${port} of ${workload.id}`),
  );
}

function lookAt(
  policy: LintedAuthorization,
  entry: Entry,
  seen: readonly Seen[],
): Finding[] {
  const { manifest, spec } = policy;
  const http = entry.fields.filter(({ name }) => isHttpOnly(name));
  if (http.length === 0) return [];
  const names = few(http.map(({ name }) => name));
  const tcp = places(seen, protocol => protocol === 'tcp');
  const others = seen.map(({ workload }) => workload.id);
  const isStated = statedPorts(entry.fields) !== undefined;
  const report = (text: string) => [
    notice('http-fields-on-tcp', { manifest, path: entry.path, text, others }),
  ];
  if (spec.action === 'DENY' && tcp.length > 0) {
    return report(
      `looks at ${names}: on ${few(
        tcp,
      )} there is no HTTP to look at, so that DENY refuses every call of the rule's callers there${
        isStated ? '' : '; name the ports that are meant'
      }.`,
    );
  }
  const nowhereElse = places(seen, protocol => protocol !== 'tcp').length === 0;
  const everywhere = seen.every(({ ports }) => ports.length > 0);
  if (spec.action === 'ALLOW' && tcp.length > 0 && nowhereElse && everywhere) {
    return report(
      `looks at ${names}: ${few(
        tcp,
      )} carries no HTTP that the proxy can read, so that the rule never matches.`,
    );
  }
  return [];
}

/** HTTP fields on ports without readable HTTP (docs/semantics.md, H1), and on ports of which the mesh guesses it (I3). */
export const httpOnTcp: Check = ({ cluster, authorizations }) => {
  const known = new Map<Workload, ReadonlyMap<number, PortProtocol>>();
  const protocolsOf = (workload: Workload) => {
    const protocols = known.get(workload) ?? readProtocols(cluster, workload);
    known.set(workload, protocols);
    return protocols;
  };
  return authorizations.flatMap(policy => {
    const { manifest, spec, workloads } = policy;
    const withSidecar = workloads.filter(({ mesh }) => mesh === 'sidecar');
    if (withSidecar.length === 0) return [];
    const findings: Finding[] = [];
    const guessed = new Set<string>();
    for (const rule of spec.rules) {
      for (const entry of entriesOf(rule)) {
        if (!entry.fields.some(({ name }) => isHttpOnly(name))) continue;
        const seen = withSidecar.map(each =>
          seenBy(each, entry, protocolsOf(each)),
        );
        findings.push(...lookAt(policy, entry, seen));
        for (const place of places(seen, protocol => protocol === 'auto'))
          guessed.add(place);
      }
    }
    if (guessed.size > 0) {
      findings.push(
        notice('protocol-not-declared', {
          manifest,
          text: `looks at HTTP on ${few([
            ...guessed,
          ])}, whose protocol no Service names: the sidecar decides by the first bytes of each connection.`,
          others: withSidecar.map(({ id }) => id),
        }),
      );
    }
    return findings;
  });
};
