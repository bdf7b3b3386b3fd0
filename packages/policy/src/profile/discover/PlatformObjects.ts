import { asArray, asJson, asLabels, asText, fieldAt } from '../../estate/json';
import { groupOf } from '../../estate/podTemplates';
import { ManifestObject } from '../../estate/types';
import { PlatformProfile } from '../types';

/** Where Istio lives unless somebody says otherwise. */
const USUAL = 'istio-system';

/** Kinds that say something about a platform, as `group/Kind`. */
const KINDS = [
  '/ConfigMap',
  '/Namespace',
  '/Node',
  '/Service',
  '/Endpoints',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/StatefulSet',
  'cilium.io/CiliumPodIPPool',
  'config.openshift.io/Network',
  'crd.projectcalico.org/IPPool',
  'discovery.k8s.io/EndpointSlice',
  'monitoring.coreos.com/Prometheus',
  'networking.k8s.io/ServiceCIDR',
  'operator.tigera.io/Installation',
  'projectcalico.org/IPPool',
] as const;

export type PlatformKind = (typeof KINDS)[number];

const CLUSTER_SCOPED = new Set([
  'Namespace',
  'Node',
  'CiliumPodIPPool',
  'Network',
  'IPPool',
  'Installation',
  'MutatingWebhookConfiguration',
  'ServiceCIDR',
]);

/** Name of Istio's webhooks, of every revision and tag (istio `manifests/charts/istio-control/istio-discovery`, `mutatingwebhook.yaml`). */
const INJECTOR = /(^|\.)sidecar-injector\.istio\.io$/;

/**
 * Namespaces whose istiod the API server asks to inject proxies. Webhooks are outside namespaces: whoever may write one is
 * asked about every pod already, and gains nothing here.
 */
function injectorNamespaces(webhooks: readonly ManifestObject[]): string[] {
  return webhooks.flatMap(({ object }) =>
    asArray(object.webhooks).flatMap(each => {
      const { name, clientConfig } = asJson(each);
      const namespace = asText(fieldAt(clientConfig, 'service.namespace'));
      return INJECTOR.test(asText(name) ?? '') && namespace ? [namespace] : [];
    }),
  );
}

/** The namespace that a manifest names; empty outside namespaces. */
export function namespaceOf({ object }: ManifestObject): string {
  if (CLUSTER_SCOPED.has(object.kind)) return '';
  const { namespace } = object.metadata;
  return typeof namespace === 'string' && namespace !== ''
    ? namespace
    : 'default';
}

/** `Kind namespace/name`, as findings name objects. */
export function nameOf(manifest: ManifestObject): string {
  const namespace = namespaceOf(manifest);
  const { kind, metadata } = manifest.object;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${metadata.name}`;
}

/** Objects of an estate by kind, as far as they can say something about its platform. */
export class PlatformObjects {
  /**
   * Namespaces of the mesh's control plane: what the profile states, else
   * those whose istiod injects, else the usual one. Objects elsewhere are not
   * believed: whoever may write in some namespace could otherwise say what the
   * trust domain is.
   */
  readonly meshNamespaces: ReadonlySet<string>;
  /** What the profile states as `cni.name`. */
  readonly statedCni: string | undefined;
  readonly #byKind = new Map<string, ManifestObject[]>(
    KINDS.map(kind => [kind, []]),
  );

  constructor(objects: readonly ManifestObject[], profile: PlatformProfile) {
    for (const manifest of objects) {
      const { object } = manifest;
      this.#byKind.get(`${groupOf(object)}/${object.kind}`)?.push(manifest);
    }
    const { guesses, controlPlane, mesh } = profile;
    const stated = [
      ...(guesses.includes('mesh.rootNamespace') ? [] : [mesh.rootNamespace]),
      ...(guesses.includes('controlPlane')
        ? []
        : controlPlane.flatMap(({ namespace }) => namespace ?? [])),
    ];
    const injecting = injectorNamespaces(
      this.of('admissionregistration.k8s.io/MutatingWebhookConfiguration'),
    );
    const [believed = [USUAL]] = [stated, injecting].filter(
      each => each.length > 0,
    );
    this.meshNamespaces = new Set(believed);
    const statesCni = profile.stated.some(({ field }) => field === 'cni.name');
    this.statedCni = statesCni ? profile.cni.name : undefined;
  }

  of(kind: PlatformKind): readonly ManifestObject[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** Objects of the control plane's namespaces. */
  ofMesh(kind: PlatformKind): ManifestObject[] {
    return this.of(kind).filter(manifest =>
      this.meshNamespaces.has(namespaceOf(manifest)),
    );
  }

  /** Objects of a name in one of some namespaces. */
  named(
    kind: PlatformKind,
    name: string,
    namespaces: readonly string[],
  ): ManifestObject[] {
    return this.of(kind).filter(
      manifest =>
        manifest.object.metadata.name === name &&
        namespaces.includes(namespaceOf(manifest)),
    );
  }

  /** Istiod, of every revision. */
  istiods(): ManifestObject[] {
    return this.ofMesh('apps/Deployment').filter(
      ({ object }) =>
        asLabels(fieldAt(object, 'spec.template.metadata.labels')).app ===
        'istiod',
    );
  }
}
