import { asLabels, asText, fieldAt } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { ProfilePeer } from '../types';
import { containersOf } from './containers';
import { Evidence } from './Evidence';
import { PlatformObjects, namespaceOf } from './PlatformObjects';

/** Where a sidecar answers for its application as well (Istio, `prometheus.istio.io/merge-metrics`). */
const MERGED = 15020;

const IMAGE = /(^|\/)prometheus(:[^/]*)?(@[^/]*)?$/;

/** Is there a control plane, so that pods may have sidecars? */
function hasMesh(platform: PlatformObjects): boolean {
  return platform.istiods().length > 0;
}

function runsPrometheus(manifest: ManifestObject): boolean {
  return containersOf(manifest).some(({ image }) => IMAGE.test(image));
}

/**
 * Suggests who reads metrics: Prometheus of its operator, whose pods have the label `operator.prometheus.io/name`
 * (prometheus-operator `pkg/prometheus/server`, `statefulset.go`), and pods of the image `prometheus`, from any registry.
 *
 * Never more than suggested: anybody may run a Prometheus, and a scraper that is stated is let in everywhere. Which ports
 * it reads beside the sidecars' own is said by teams (annotations, ServiceMonitors), and not repeated here.
 */
export function discoverScrapers(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  const suggest = (
    manifest: ManifestObject,
    podLabels: Record<string, string>,
    account: unknown,
  ) => {
    const serviceAccount = asText(account);
    const peer: ProfilePeer | undefined =
      hasMesh(platform) && Object.keys(podLabels).length > 0
        ? {
            namespace: namespaceOf(manifest),
            podLabels,
            ...(serviceAccount !== undefined && { serviceAccount }),
            ports: [{ port: MERGED, protocol: 'TCP' }],
          }
        : undefined;
    evidence.suggest('scrapers', peer, manifest, ['spec']);
  };
  const ofOperator = new Set<string>();
  for (const manifest of platform.of('monitoring.coreos.com/Prometheus')) {
    const { object } = manifest;
    ofOperator.add(`${namespaceOf(manifest)}/${object.metadata.name}`);
    suggest(
      manifest,
      { 'operator.prometheus.io/name': object.metadata.name },
      fieldAt(object, 'spec.serviceAccountName'),
    );
  }
  for (const kind of ['apps/Deployment', 'apps/StatefulSet'] as const) {
    for (const manifest of platform.of(kind)) {
      if (!runsPrometheus(manifest)) continue;
      const labels = asLabels(
        fieldAt(manifest.object, 'spec.selector.matchLabels'),
      );
      // What the operator made may be there as its Prometheus.
      const name = labels['operator.prometheus.io/name'];
      if (ofOperator.has(`${namespaceOf(manifest)}/${name}`)) continue;
      const account = 'spec.template.spec.serviceAccountName';
      suggest(manifest, { ...labels }, fieldAt(manifest.object, account));
    }
  }
}
