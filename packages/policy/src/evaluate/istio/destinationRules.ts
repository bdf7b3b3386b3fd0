import { namespaceOf } from '../../estate/buildCluster';
import { asArray, asJson, asText } from '../../estate/json';
import { groupOf } from '../../estate/podTemplates';
import { isTaken } from '../../estate/refusedObjects';
import { servicesOf, targetPort } from '../../estate/serviceLookup';
import { Cluster, Service, Workload } from '../../estate/types';
import { RuleRef } from '../types';

export type Transport = 'mtls' | 'plaintext';

/** What a caller's sidecar does for a Service: `auto` lets Istio negotiate. */
type ClientTls = 'auto' | Transport;

interface CompiledDestinationRule {
  ref: RuleRef;
  namespace: string;
  host: string;
  tls: ClientTls;
  ports: ReadonlyMap<number, ClientTls>;
  isPrivate: boolean;
}

function clientTls(policy: unknown, inherited: ClientTls): ClientTls {
  const mode = asText(asJson(asJson(policy).tls).mode);
  if (mode === undefined) return inherited;
  if (mode === 'ISTIO_MUTUAL') return 'mtls';
  // TLS that is not the mesh's carries no principal of the mesh: to policies it is like none.
  return 'plaintext';
}

function hostOf(host: string, namespace: string): string {
  return host.includes('.') || host === '*'
    ? host
    : `${host}.${namespace}.svc.cluster.local`;
}

function hostMatches(host: string, fqdn: string): boolean {
  if (host === '*') return true;
  return host.startsWith('*.') ? fqdn.endsWith(host.slice(1)) : host === fqdn;
}

/**
 * DestinationRules of a cluster, as far as they decide how a sidecar speaks to
 * another one. They are looked up in the caller's namespace, then the
 * Service's, then the root namespace (istio `pilot/pkg/model/push_context.go`).
 */
export class DestinationRules {
  readonly #rules: CompiledDestinationRule[] = [];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    for (const { object } of cluster.objects) {
      if (
        object.kind !== 'DestinationRule' ||
        groupOf(object) !== 'networking.istio.io' ||
        !isTaken(object)
      )
        continue;
      const spec = asJson(object.spec);
      const namespace = namespaceOf(object);
      const tls = clientTls(spec.trafficPolicy, 'auto');
      const ports = new Map<number, ClientTls>();
      for (const raw of asArray(asJson(spec.trafficPolicy).portLevelSettings)) {
        const port = asJson(asJson(raw).port).number;
        // Port-level settings replace the others whole; they inherit nothing.
        if (typeof port === 'number') ports.set(port, clientTls(raw, 'auto'));
      }
      const exportTo = asArray(spec.exportTo);
      this.#rules.push({
        ref: { kind: 'DestinationRule', namespace, name: object.metadata.name },
        namespace,
        host: hostOf(asText(spec.host) ?? '', namespace),
        tls,
        ports,
        isPrivate: exportTo.length > 0 && !exportTo.includes('*'),
      });
    }
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /**
   * Transports that a sidecar of the namespace may use to a port of the
   * workload, where a rule says something: one entry for each Service that
   * leads there. Ports without an entry are negotiated.
   */
  toPorts(
    callerNamespace: string,
    to: Workload,
    via: Service | undefined,
  ): ReadonlyMap<number, { transport: ClientTls; by?: RuleRef }[]> {
    const found = new Map<number, { transport: ClientTls; by?: RuleRef }[]>();
    if (this.isEmpty) return found;
    for (const service of via ? [via] : servicesOf(this.#cluster, to)) {
      const rules = this.rulesFor(callerNamespace, service);
      for (const port of service.ports) {
        const target =
          port.protocol === 'TCP' ? targetPort(port, to) : undefined;
        if (target === undefined) continue;
        const entries = found.get(target) ?? [];
        found.set(target, entries);
        if (rules.length === 0) entries.push({ transport: 'auto' });
        for (const rule of rules)
          entries.push({
            transport: rule.ports.get(port.port) ?? rule.tls,
            by: rule.ref,
          });
      }
    }
    return found;
  }

  private rulesFor(
    callerNamespace: string,
    service: Service,
  ): CompiledDestinationRule[] {
    const fqdn = `${service.name}.${service.namespace}.svc.cluster.local`;
    const root = this.#cluster.profile.mesh.rootNamespace;
    for (const namespace of [callerNamespace, service.namespace, root]) {
      const matching = this.#rules.filter(
        rule =>
          rule.namespace === namespace &&
          hostMatches(rule.host, fqdn) &&
          (!rule.isPrivate || rule.namespace === callerNamespace),
      );
      // The most specific host of a namespace wins over wildcards.
      const exact = matching.filter(rule => rule.host === fqdn);
      if (matching.length > 0) return exact.length > 0 ? exact : matching;
    }
    return [];
  }
}
