import { asArray, asJson, asText, type Json } from '../json';
import type { Form } from './reduceObject';

/**
 * A ConfigMap that is read by its name: no other of its namespace is.
 *
 * @public
 */
export interface NamedConfig {
  namespace: string;
  name: string;
  form: Form;
}

/** Objects that were read. */
export interface Running {
  webhooks(): Json[];
  deployments(namespace: string): Json[];
  daemonSets(namespace: string): Json[];
}

/** Of these the objects say which ConfigMaps are read. */
export const SAYING: ReadonlySet<string> = new Set([
  'apps/DaemonSet',
  'apps/Deployment',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
]);

const USUAL = 'istio-system';
const SYSTEM = 'kube-system';
const LABEL = 'istio.io/rev';
const ISTIO_CNI = { daemonSet: 'istio-cni-node', config: 'istio-cni-config' };
const CILIUM = { daemonSets: ['cilium', 'anetd'], config: 'cilium-config' };

/** Names of Istio's webhooks (istio `manifests/charts/istio-control/istio-discovery`). */
const INJECTOR = /(^|\.)sidecar-injector\.istio\.io$/;

/** What a namespace can be called, and a revision after `istio-`. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * The ConfigMaps that say something of a cluster's platform, found by what runs, so that nothing else of their namespaces is
 * asked for. Only namespaces of the platform are believed, as in the core (packages/policy, `PlatformObjects`): whoever may
 * make a Deployment in some other namespace could otherwise have a ConfigMap asked for that the account may not read, and
 * nothing would be proposed for the cluster any more. The list is the same for the same objects.
 */
export function namedConfigs(
  running: Running,
  { hasMesh }: { hasMesh: boolean },
): NamedConfig[] {
  const found: NamedConfig[] = [];
  const hasDaemonSet = (namespace: string, names: readonly string[]) =>
    running
      .daemonSets(namespace)
      .some(({ metadata }) =>
        names.includes(asText(asJson(metadata).name) ?? ''),
      );
  if (hasDaemonSet(SYSTEM, CILIUM.daemonSets))
    found.push(config(SYSTEM, CILIUM.config));
  if (!hasMesh) return found;
  const injectors = injectorsOf(running);
  const meshNamespaces = [...new Set(injectors.map(each => each.namespace))];
  if (meshNamespaces.length === 0) meshNamespaces.push(USUAL);
  for (const namespace of meshNamespaces)
    for (const name of meshConfigsIn(namespace, running, injectors))
      found.push(config(namespace, name));
  for (const namespace of new Set([...meshNamespaces, SYSTEM]))
    if (hasDaemonSet(namespace, [ISTIO_CNI.daemonSet]))
      found.push(config(namespace, ISTIO_CNI.config));
  return found;
}

/**
 * How much of a ConfigMap is kept; `undefined` for one that is never read.
 */
export function formOfConfig(
  namespace: string,
  name: string,
): Form | undefined {
  if (name === CILIUM.config)
    return namespace === SYSTEM ? 'cilium-config' : undefined;
  if (name === ISTIO_CNI.config) return 'istio-cni-config';
  const isOfMesh =
    name === 'istio' || (name.startsWith('istio-') && NAME.test(name.slice(6)));
  return isOfMesh ? 'mesh-config' : undefined;
}

function config(namespace: string, name: string): NamedConfig {
  return { namespace, name, form: formOfConfig(namespace, name)! };
}

interface Injector {
  namespace: string;
  revision: string;
}

/** Which istiods the API server asks to inject proxies: webhooks are outside namespaces, where administrators alone write. */
function injectorsOf(running: Running): Injector[] {
  return running.webhooks().flatMap(({ metadata, webhooks }) =>
    asArray(webhooks).flatMap(each => {
      const { name, clientConfig } = asJson(each);
      const { service } = asJson(clientConfig);
      const namespace = asText(asJson(service).namespace) ?? '';
      const revision = asText(asJson(asJson(metadata).labels)[LABEL]) ?? '';
      return INJECTOR.test(asText(name) ?? '') && NAME.test(namespace)
        ? [{ namespace, revision }]
        : [];
    }),
  );
}

/** Each istiod reads the ConfigMap of its revision (istio `pilot/pkg/bootstrap`, `getMeshConfigMapName`). */
function meshConfigsIn(
  namespace: string,
  running: Running,
  injectors: readonly Injector[],
): string[] {
  const known = running
    .deployments(namespace)
    .map(({ metadata, spec }) => ({
      own: labelsOf({ metadata }),
      template: asJson(asJson(spec).template),
    }))
    .filter(({ template }) => labelsOf(template).app === 'istiod')
    .map(
      ({ own, template }) =>
        variableOf(template) ??
        asText(labelsOf(template)[LABEL]) ??
        asText(own[LABEL]) ??
        '',
    );
  const revisions =
    known.length > 0
      ? known
      : injectors
          .filter(each => each.namespace === namespace)
          .map(({ revision }) => revision);
  if (revisions.length === 0) revisions.push('');
  const names = revisions
    .filter(revision => revision === '' || NAME.test(revision))
    .map(revision =>
      revision === '' || revision === 'default' ? 'istio' : `istio-${revision}`,
    );
  return [...new Set(names)].sort();
}

function labelsOf({ metadata }: Json): Json {
  return asJson(asJson(metadata).labels);
}

/** `REVISION` of istiod, which goes before labels. */
function variableOf({ spec }: Json): string | undefined {
  const discovery = asArray(asJson(spec).containers)
    .map(asJson)
    .find(({ name }) => name === 'discovery');
  const variable = asArray(discovery?.env)
    .map(asJson)
    .find(({ name }) => name === 'REVISION');
  const { value } = asJson(variable);
  return typeof value === 'string' ? value : undefined;
}
