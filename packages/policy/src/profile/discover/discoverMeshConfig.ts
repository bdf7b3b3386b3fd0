import { fieldAt } from '../../estate/json';
import { ManifestObject } from '../../estate/types';
import { PathNormalization } from '../types';
import { containersOf } from './containers';
import { EmbeddedYaml } from './EmbeddedYaml';
import { Evidence } from './Evidence';
import { meshConfigsIn } from './meshConfigs';
import { PlatformObjects, namespaceOf } from './PlatformObjects';

const NORMALIZATIONS: Readonly<Record<string, PathNormalization>> = {
  // Envoy is configured alike for both (`pilot/pkg/networking/core`).
  DEFAULT: 'BASE',
  BASE: 'BASE',
  NONE: 'NONE',
  MERGE_SLASHES: 'MERGE_SLASHES',
  DECODE_AND_MERGE_SLASHES: 'DECODE_AND_MERGE_SLASHES',
};

/** A field of meshConfig as it stands there. Istio reads both spellings of protobuf's JSON. */
class MeshConfig {
  constructor(
    private readonly yaml: EmbeddedYaml,
    private readonly evidence: Evidence,
    /** True where another revision's configuration may say something else. */
    private readonly isPartial: boolean,
  ) {}

  field(path: string): { path: string; value: unknown } | undefined {
    const snake = path.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
    for (const each of [path, snake]) {
      const value = fieldAt(this.yaml.value, each);
      if (value !== undefined && value !== null) return { path: each, value };
    }
    return undefined;
  }

  /** For `Evidence.add`. */
  details(path?: string): { lineOfText?: number; isPartial: boolean } {
    const line = path === undefined ? undefined : this.yaml.lineOf(path);
    return {
      ...(line === undefined ? {} : { lineOfText: line }),
      isPartial: this.isPartial,
    };
  }

  refuse(path: string, why: string): void {
    this.evidence.notReadable(
      this.yaml.manifest,
      this.yaml.path,
      `has ${path}, which ${why}.`,
      this.yaml.lineOf(path),
    );
  }
}

/**
 * True where the ConfigMap is all that istiod reads, so that what it leaves
 * out has Istio's default. SHARED_MESH_CONFIG names another one below it.
 */
function isWhole(platform: PlatformObjects, namespace: string): boolean {
  const own = platform
    .istiods()
    .filter(each => namespaceOf(each) === namespace)
    .flatMap(containersOf);
  return (
    own.length > 0 &&
    own.every(
      ({ variables, hasMoreVariables }) =>
        !hasMoreVariables &&
        variables.every(({ name }) => name !== 'SHARED_MESH_CONFIG'),
    )
  );
}

/**
 * Reads the mesh configuration: ConfigMap `istio` of the control plane, key
 * `mesh`. Defaults are those of istio `pkg/config/mesh`, `DefaultMeshConfig`.
 */
export function discoverMeshConfig(
  platform: PlatformObjects,
  evidence: Evidence,
): void {
  for (const namespace of [...platform.meshNamespaces].sort()) {
    const { configs, missing } = meshConfigsIn(platform, namespace);
    // Without any, all is a guess already.
    const isPartial = configs.length > 0 && missing.length > 0;
    if (isPartial)
      for (const { istiod, path, name } of missing) {
        const why = `says that it reads ConfigMap ${namespace}/${name}, which is not in the estate: what this revision's mesh is like is not known.`;
        evidence.notReadable(istiod, path, why);
      }
    for (const manifest of configs)
      discoverOne(platform, manifest, isPartial, evidence);
  }
}

function discoverOne(
  platform: PlatformObjects,
  manifest: ManifestObject,
  isPartial: boolean,
  evidence: Evidence,
): void {
  const path = ['data', 'mesh'] as const;
  const yaml = EmbeddedYaml.read(manifest, path, evidence);
  if (!yaml) return;
  const config = new MeshConfig(yaml, evidence, isPartial);
  const namespace = namespaceOf(manifest);
  const whole = isWhole(platform, namespace);

  const text = (
    name: 'rootNamespace' | 'trustDomain',
    otherwise: string,
  ): void => {
    const stated = config.field(name);
    if (!stated) {
      if (whole)
        evidence.add(
          `mesh.${name}`,
          otherwise,
          manifest,
          path,
          config.details(),
        );
    } else if (typeof stated.value === 'string' && stated.value !== '') {
      const where = config.details(stated.path);
      evidence.add(`mesh.${name}`, stated.value, manifest, path, where);
    } else config.refuse(stated.path, 'is no text');
  };
  text('rootNamespace', namespace);
  text('trustDomain', 'cluster.local');
  aliases(config, manifest, evidence);
  normalization(config, whole, manifest, evidence);
  hbone(config, manifest, evidence);
}

function aliases(
  config: MeshConfig,
  manifest: ManifestObject,
  evidence: Evidence,
): void {
  const stated = config.field('trustDomainAliases');
  if (!stated) return;
  const { path, value } = stated;
  if (
    !Array.isArray(value) ||
    !value.every((each): each is string => typeof each === 'string')
  ) {
    config.refuse(path, 'is no list of texts');
    return;
  }
  evidence.add(
    'mesh.trustDomainAliases',
    [...new Set(value)].sort(),
    manifest,
    ['data', 'mesh'],
    config.details(path),
  );
}

function normalization(
  config: MeshConfig,
  whole: boolean,
  manifest: ManifestObject,
  evidence: Evidence,
): void {
  const field = 'mesh.pathNormalization';
  const place = ['data', 'mesh'];
  const stated = config.field('pathNormalization.normalization');
  if (!stated) {
    const group = config.field('pathNormalization');
    if (group && typeof group.value !== 'object')
      config.refuse(group.path, 'has no fields');
    else if (whole)
      evidence.add(field, 'BASE', manifest, place, config.details());
    return;
  }
  const { path, value } = stated;
  if (typeof value === 'string' && Object.hasOwn(NORMALIZATIONS, value)) {
    const where = config.details(path);
    evidence.add(field, NORMALIZATIONS[value], manifest, place, where);
  } else config.refuse(path, 'is no normalization of Istio');
}

/** The injector labels pods of such a mesh `networking.istio.io/tunnel: http`. */
function hbone(
  config: MeshConfig,
  manifest: ManifestObject,
  evidence: Evidence,
): void {
  const metadata = config.field('defaultConfig.proxyMetadata');
  if (!metadata) return;
  const path = `${metadata.path}.ISTIO_META_ENABLE_HBONE`;
  const value = fieldAt(metadata.value, 'ISTIO_META_ENABLE_HBONE');
  if (value === undefined) return;
  if (value !== 'true' && value !== 'false') {
    config.refuse(path, 'is neither "true" nor "false"');
    return;
  }
  evidence.add(
    'mesh.sidecarHbone',
    value === 'true',
    manifest,
    ['data', 'mesh'],
    config.details(path),
  );
}
