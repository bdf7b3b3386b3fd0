import { asJson } from './json';
import { AddedLabels, VaryingLabel } from './podLabels';
import { PodTemplate } from './podTemplates';
import { KubernetesObject, Labels, MeshMode } from './types';

const ANY: VaryingLabel = { isOptional: true };
const numbered = (prefix: string, isOptional = true): VaryingLabel => ({
  numbered: prefix,
  isOptional,
});

/** Labels of a revision or a run: the next one has another value. */
const REVISIONS = [
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'rollouts-pod-template-hash',
  'serving.knative.dev/revision',
  'serving.knative.dev/revisionUID',
];

/** Labels that are given to each pod or revision anew: that they differ says nothing about what pods are for. */
const PER_POD = [
  ...REVISIONS,
  'batch.kubernetes.io/job-completion-index',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
];

const CANONICAL_NAME = 'service.istio.io/canonical-name';
const CANONICAL_REVISION = 'service.istio.io/canonical-revision';
const TLS_MODE = 'security.istio.io/tlsMode';

/** Labels that no template states because something adds them to pods: a selector that people write does not use them. */
const ADDED = new Set([
  ...PER_POD,
  CANONICAL_NAME,
  CANONICAL_REVISION,
  TLS_MODE,
  'job-name',
  'batch.kubernetes.io/job-name',
  'serving.knative.dev/service',
  'serving.knative.dev/configuration',
  'deploymentconfig',
]);

/** Is the label one that controllers or the injector add to pods? */
export function isAddedLabel(key: string): boolean {
  return ADDED.has(key);
}

/** Labels without those that each pod has another value of, to tell kinds of pods apart. */
export function withoutPerPod(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !PER_POD.includes(key)),
  );
}

const NOTHING: AddedLabels = { certain: {}, varying: {} };

/** What pods of a Deployment have beside the labels of its template. */
export const OF_DEPLOYMENT: AddedLabels = {
  certain: {},
  varying: { 'pod-template-hash': ANY },
};

/** What the controller of a kind adds to the labels of its pods. */
function byController(
  kind: string,
  name: string,
  object: KubernetesObject | undefined,
): AddedLabels {
  switch (kind) {
    case 'Deployment':
    case 'ReplicaSet':
      return OF_DEPLOYMENT;
    case 'Rollout':
      return { certain: {}, varying: { 'rollouts-pod-template-hash': ANY } };
    case 'DaemonSet':
      return {
        certain: {},
        varying: {
          'controller-revision-hash': ANY,
          'pod-template-generation': ANY,
        },
      };
    case 'StatefulSet':
      return {
        certain: {},
        varying: {
          'controller-revision-hash': ANY,
          'statefulset.kubernetes.io/pod-name': numbered(`${name}-`, false),
          // Since Kubernetes 1.28.
          'apps.kubernetes.io/pod-index': numbered(''),
        },
      };
    case 'Job': {
      const isIndexed = asJson(object?.spec).completionMode === 'Indexed';
      return {
        certain: { 'job-name': name, 'batch.kubernetes.io/job-name': name },
        varying: {
          'controller-uid': ANY,
          'batch.kubernetes.io/controller-uid': ANY,
          ...(isIndexed && {
            'batch.kubernetes.io/job-completion-index': numbered(''),
          }),
        },
      };
    }
    case 'CronJob':
      return {
        certain: {},
        varying: {
          // Of each run: the name and its time in minutes.
          'job-name': numbered(`${name}-`, false),
          'batch.kubernetes.io/job-name': numbered(`${name}-`, false),
          'controller-uid': ANY,
          'batch.kubernetes.io/controller-uid': ANY,
        },
      };
    case 'DeploymentConfig':
      return {
        certain: { deploymentconfig: name },
        varying: { deployment: numbered(`${name}-`, false) },
      };
    case 'Service':
    case 'Configuration':
      return {
        certain: {
          'serving.knative.dev/configuration': name,
          ...(kind === 'Service' && { 'serving.knative.dev/service': name }),
        },
        varying: {
          'serving.knative.dev/revision': ANY,
          'serving.knative.dev/revisionUID': ANY,
          'pod-template-hash': ANY,
        },
      };
    default:
      return NOTHING;
  }
}

/** Labels by which Istio calls a workload, as its injection templates make them (istio `injection-template.yaml`). */
function canonical(labels: Labels, name: string): Record<string, string> {
  const stated =
    labels[CANONICAL_NAME] || labels['app.kubernetes.io/name'] || labels.app;
  return {
    [CANONICAL_NAME]: (stated || name)
      .slice(0, 63)
      .replace(/^[-_.]+|[-_.]+$/g, ''),
    [CANONICAL_REVISION]:
      labels[CANONICAL_REVISION] ||
      labels['app.kubernetes.io/version'] ||
      labels.version ||
      'latest',
  };
}

/**
 * What Istio's injector adds: its template `gateway` names the workload only, the
 * one of sidecars says as well that they take mutual TLS, and others are not known.
 * A proxy that the manifest has was injected before, or by hand.
 */
function byInjector(
  { labels, annotations, proxy }: PodTemplate,
  { mesh, isGuess }: { mesh: MeshMode; isGuess: boolean },
  name: string,
): AddedLabels {
  const isInjected =
    isGuess ||
    (mesh === 'sidecar' && labels['sidecar.istio.io/inject'] !== 'false');
  if (!isInjected) return NOTHING;
  const templates = (annotations['inject.istio.io/templates'] ?? 'sidecar')
    .split(',')
    .map(each => each.trim());
  const own = canonical(labels, name);
  const ofSidecar = { [TLS_MODE]: labels[TLS_MODE] || 'istio', ...own };
  const optional = (added: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(added)
        .filter(([key]) => !(key in labels))
        .map(([key, value]) => [key, { values: [value], isOptional: true }]),
    );
  if (isGuess) return { certain: {}, varying: optional(ofSidecar) };
  if (templates.includes('gateway')) return { certain: own, varying: {} };
  if (proxy !== undefined || !templates.includes('sidecar'))
    return { certain: {}, varying: optional(ofSidecar) };
  return { certain: ofSidecar, varying: {} };
}

/**
 * Labels that pods of a workload have beside those of its template, as far as
 * they are certain, and those that depend on the pod: ordinals, hashes of revisions.
 */
export function addedLabels(
  template: PodTemplate,
  mesh: { mesh: MeshMode; isGuess: boolean },
  workload: { kind: string; name: string },
  object: KubernetesObject | undefined,
): AddedLabels {
  const ofController = byController(workload.kind, workload.name, object);
  const ofInjector = byInjector(template, mesh, workload.name);
  const ofRevision = REVISIONS.filter(key => key in template.labels).map(
    key => [key, ANY] as const,
  );
  // Most workloads have these alone, and share them.
  if (ofInjector === NOTHING && ofRevision.length === 0) return ofController;
  return {
    certain: { ...ofController.certain, ...ofInjector.certain },
    varying: {
      ...Object.fromEntries(ofRevision),
      ...ofController.varying,
      ...ofInjector.varying,
    },
  };
}
