import { asArray, asJson, asLabels, asText, fieldAt } from '../estate/json';
import { groupOf, podTemplateOf } from '../estate/podTemplates';
import { namespaceOf } from '../estate/buildCluster';
import { TEMPLATE_SPECS, probesOf } from '../estate/probesOf';
import { Labels, Workload } from '../estate/types';
import { Finding } from '../findings';
import { Check, LintContext } from './LintContext';
import { few, notice } from './notice';

const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** Does the sidecar ask whoever comes to the port for a certificate? */
function isStrict(
  { world }: LintContext,
  workload: Workload,
  port: number | undefined,
): boolean {
  if (port !== undefined && workload.inboundExcludedPorts.includes(port))
    return false;
  return world.peers.of(workload).readings.every(({ mode, ports }) => {
    const own = port === undefined ? undefined : ports.get(port);
    return (own ?? mode) === 'STRICT';
  });
}

/** Probes that arrive without mutual TLS where it is required (docs/semantics.md, N9). */
export const probes: Check = context => {
  const { cluster } = context;
  return cluster.objects.flatMap(manifest => {
    const template = podTemplateOf(manifest.object, cluster.profile);
    if (template?.annotations[REWRITE] !== 'false') return [];
    const { kind, metadata } = manifest.object;
    const id = `${namespaceOf(manifest.object)}/${kind}/${metadata.name}`;
    const workload = cluster.workloads.find(each => each.id === id);
    if (workload?.mesh !== 'sidecar') return [];
    const found = probesOf(manifest, workload)
      .filter(({ port }) => isStrict(context, workload, port))
      .map(({ name }) => name);
    if (found.length === 0) return [];
    const [first] = TEMPLATE_SPECS.filter(
      path =>
        fieldAt(
          manifest.object,
          [...path, 'metadata', 'annotations'].join('.'),
        ) !== undefined,
    ).filter(path =>
      Object.hasOwn(
        asJson(
          fieldAt(
            manifest.object,
            [...path, 'metadata', 'annotations'].join('.'),
          ),
        ),
        REWRITE,
      ),
    );
    const path = [...(first ?? []), 'metadata', 'annotations', REWRITE];
    return [
      notice('probe-rewrite-off', {
        manifest,
        path,
        text: `is false, and mutual TLS is STRICT: the kubelet's ${few([
          ...new Set(found),
        ])} has no certificate and fails.`,
        others: [id],
        change: [{ op: 'remove', path }],
      }),
    ];
  });
};

/** Network policies that come with Istio's charts (docs/semantics.md, N11). */
export const istioChartPolicies: Check = ({ networkPolicies }) =>
  networkPolicies.flatMap(({ manifest, namespace }) => {
    const labels = asLabels(manifest.object.metadata.labels);
    const isOfChart =
      labels['operator.istio.io/component'] !== undefined ||
      labels['app.kubernetes.io/part-of'] === 'istio';
    return isOfChart
      ? [
          notice('istio-chart-policy', {
            manifest,
            text: `comes from Istio's charts (global.networkPolicy.enabled): the pods that it selects in ${namespace} are isolated already.`,
          }),
        ]
      : [];
  });

/** Entries of whole domains (docs/semantics.md, O3). */
export const wildcardHosts: Check = ({ cluster }) =>
  cluster.objects.flatMap(manifest => {
    const { object } = manifest;
    if (
      object.kind !== 'ServiceEntry' ||
      groupOf(object) !== 'networking.istio.io'
    )
      return [];
    const { hosts, resolution, endpoints } = asJson(object.spec);
    const isResolved =
      /^DNS/.test(asText(resolution) ?? '') && asArray(endpoints).length === 0;
    return asArray(hosts).flatMap((host, index): Finding[] => {
      if (typeof host !== 'string' || !host.includes('*')) return [];
      const path = ['spec', 'hosts', index];
      if (isResolved && resolution !== 'DYNAMIC_DNS') {
        return [
          notice('invalid-object', {
            manifest,
            path,
            text: `is "${host}": Istio refuses a wildcard with resolution ${resolution} and no endpoints.`,
            fix: 'Name the hosts, or state endpoints.',
          }),
        ];
      }
      return [
        notice('wildcard-host', {
          manifest,
          path,
          text: `is "${host}": every name under it is meant, at whatever address the caller says it has.`,
        }),
      ];
    });
  });

function mayEndAt(selector: unknown, labels: Labels): boolean {
  return Object.entries(asJson(asJson(selector).matchLabels)).every(
    ([key, value]) =>
      labels[key.replace(/^(k8s|any)[:.]/, '')] === value ||
      /^(reserved|io\.|k8s:io\.)/.test(key),
  );
}

function looksAtHttp(spec: unknown): boolean {
  const { ingress, egress } = asJson(spec);
  return [...asArray(ingress), ...asArray(egress)].some(rule =>
    asArray(asJson(rule).toPorts).some(port => {
      const { http, kafka, l7 } = asJson(asJson(port).rules);
      return [http, kafka, l7].some(list => asArray(list).length > 0);
    }),
  );
}

/** Cilium's HTTP rules for pods whose traffic the mesh encrypts (docs/semantics.md, A14). */
export const ciliumHttp: Check = ({ cluster }) =>
  cluster.objects.flatMap(manifest => {
    const { object } = manifest;
    if (groupOf(object) !== 'cilium.io') return [];
    if (!/^Cilium(Clusterwide)?NetworkPolicy$/.test(object.kind)) return [];
    const namespace = namespaceOf(object);
    const specs = [object.spec, ...asArray(object.specs)].filter(looksAtHttp);
    const inMesh = cluster.workloads.filter(
      each =>
        each.mesh !== 'none' &&
        (object.kind !== 'CiliumNetworkPolicy' ||
          each.namespace === namespace) &&
        specs.some(spec =>
          mayEndAt(asJson(spec).endpointSelector, each.podLabels),
        ),
    );
    if (inMesh.length === 0) return [];
    const ids = inMesh.map(({ id }) => id);
    return [
      notice('cilium-http-in-mesh', {
        manifest,
        text: `has rules on HTTP for ${few(
          ids,
        )}, whose traffic is encrypted by the mesh before Cilium sees it.`,
        others: ids,
      }),
    ];
  });
