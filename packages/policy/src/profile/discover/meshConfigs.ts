import { Path } from '../../estate/fieldPath';
import { asLabels, fieldAt } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { containersOf } from './containers';
import { PlatformObjects, namespaceOf } from './PlatformObjects';

const LABEL = 'istio.io/rev';

/** An istiod whose configuration is not among the objects. */
interface WithoutConfig {
  istiod: ManifestObject;
  /** Where it says which revision it is. */
  path: Path;
  /** Of the ConfigMap that it reads. */
  name: string;
}

/** What the control planes of one namespace read. */
interface MeshConfigs {
  configs: ManifestObject[];
  missing: WithoutConfig[];
}

/** Istio `pilot/pkg/bootstrap`, `getMeshConfigMapName`. */
function nameOfConfig(revision: string): string {
  return revision === '' || revision === 'default'
    ? 'istio'
    : `istio-${revision}`;
}

/**
 * The revision of an istiod: its variable `REVISION` (istio `pilot/cmd/pilot-discovery`), and the label that its chart sets
 * to the same. `undefined` where the variable comes from elsewhere.
 */
function revisionOf(
  istiod: ManifestObject,
): { revision: string; path: Path } | undefined {
  const discovery = containersOf(istiod).find(
    ({ name }) => name === 'discovery',
  );
  const variable = discovery?.variables.find(({ name }) => name === 'REVISION');
  if (variable) {
    const { value, path } = variable;
    return value === undefined ? undefined : { revision: value, path };
  }
  if (discovery?.hasMoreVariables) return undefined;
  for (const path of [
    ['spec', 'template', 'metadata', 'labels'],
    ['metadata', 'labels'],
  ]) {
    const revision = asLabels(fieldAt(istiod.object, path.join('.')))[LABEL];
    if (revision !== undefined) return { revision, path: [...path, LABEL] };
  }
  return { revision: '', path: ['metadata', 'name'] };
}

/** A ConfigMap that is called as one of the mesh, where nothing says which revisions run. */
function isCalledSo({ object }: ManifestObject): boolean {
  const { name, labels } = object.metadata;
  return (
    name === 'istio' || name === nameOfConfig(asLabels(labels)[LABEL] ?? '')
  );
}

/**
 * The ConfigMaps that the control planes of a namespace read: of each revision that runs its own. What a revision that is
 * gone has left behind is read by nobody. Where no istiod is among the objects, or one does not say which revision it is,
 * all that are called so.
 */
export function meshConfigsIn(
  platform: PlatformObjects,
  namespace: string,
): MeshConfigs {
  const there = platform
    .ofMesh('/ConfigMap')
    .filter(each => namespaceOf(each) === namespace);
  const istiods = platform
    .istiods()
    .filter(each => namespaceOf(each) === namespace);
  const running = istiods.flatMap(istiod => {
    const known = revisionOf(istiod);
    return known
      ? [{ istiod, path: known.path, name: nameOfConfig(known.revision) }]
      : [];
  });
  if (running.length === 0 || running.length < istiods.length)
    return { configs: there.filter(isCalledSo), missing: [] };
  const names = new Set(running.map(({ name }) => name));
  const named = new Set(there.map(({ object }) => object.metadata.name));
  return {
    configs: there.filter(({ object }) => names.has(object.metadata.name)),
    missing: running.filter(({ name }) => !named.has(name)),
  };
}
