import { objectName } from '../objectName';
import { podsDiffer } from '../podsDiffer';
import { matchLabels } from '../../estate/podLabels';
import { fenced } from '../../fence';
import { Finding, finding } from '../../findings';
import { namespaceOf } from '../../estate/buildCluster';
import { asText, isJson } from '../../estate/json';
import type { PolicyDelta } from '../../estate/amendCluster';
import { groupOf } from '../../estate/podTemplates';
import { Cluster, Labels, ManifestObject, Workload } from '../../estate/types';
import { objectAt } from '../fieldShapes';
import { Problem } from '../selector';
import { Condition, RuleRef } from '../types';
import { hasAmbient } from '../ways/hbone';
import { dryRunProblems } from './dryRun';
import { parseWorkloadSelector } from './parseWorkloadSelector';

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

export interface CompiledPeerAuthentication {
  ref: RuleRef;
  manifest: ManifestObject;
  namespace: string;
  isValid: boolean;
  /** Absent: the whole namespace. */
  selector?: Labels;
  /** A policy of the mesh whose selector says nothing: sidecars take it, ztunnel is not told (A11). */
  isHiddenFromZtunnel: boolean;
  mode?: MtlsMode;
  ports: ReadonlyMap<number, MtlsMode | undefined>;
  /** What Istio would say to it, and what has no effect. */
  findings: readonly Finding[];
}

/** What a workload's sidecar demands of a connection. */
export interface MtlsSettings {
  mode: MtlsMode;
  ports: ReadonlyMap<number, MtlsMode>;
  by: RuleRef[];
}

/** One reading for each order of age that is possible; usually one. */
export interface MtlsReadings {
  readings: readonly MtlsSettings[];
  conditions: readonly Condition[];
  key: string;
}

const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'];

function modeAt(
  raw: unknown,
  path: (string | number)[],
  problems: Problem[],
): MtlsMode | undefined {
  const { mode, ...unknown } = objectAt(raw, path, problems);
  for (const field of Object.keys(unknown))
    problems.push({
      path: [...path, field],
      message: 'is no field of mutual TLS',
    });
  if (mode === undefined || mode === null || mode === 'UNSET') return undefined;
  if (typeof mode !== 'string' || !MODES.includes(mode)) {
    problems.push({
      path: [...path, 'mode'],
      message: 'must be STRICT, PERMISSIVE, DISABLE or UNSET',
    });
    return undefined;
  }
  return mode as MtlsMode;
}

function isPeerAuthentication({ object }: ManifestObject): boolean {
  return (
    object.kind === 'PeerAuthentication' &&
    groupOf(object) === 'security.istio.io' &&
    isJson(object.metadata)
  );
}

function compile(
  manifest: ManifestObject,
  root: string,
  withAmbient: boolean,
): CompiledPeerAuthentication {
  return fenced(
    () => compileKnown(manifest, root, withAmbient),
    () => {
      const { apiVersion, kind, metadata } = manifest.object;
      const { name, namespace } = metadata;
      // A spec that is no object is one of the forms that are known to be invalid.
      const object = {
        apiVersion,
        kind,
        metadata: { name, namespace },
        spec: 0,
      };
      return compileKnown({ ...manifest, object }, root, withAmbient);
    },
  );
}

function compileKnown(
  manifest: ManifestObject,
  root: string,
  withAmbient: boolean,
): CompiledPeerAuthentication {
  const { object } = manifest;
  const problems: Problem[] = dryRunProblems(object);
  const spec = objectAt(object.spec, ['spec'], problems);
  for (const field of Object.keys(spec)) {
    if (!['selector', 'mtls', 'portLevelMtls'].includes(field)) {
      problems.push({
        path: ['spec', field],
        message: 'is no field of PeerAuthentication',
      });
    }
  }
  const labels = parseWorkloadSelector(
    spec.selector,
    ['spec', 'selector'],
    problems,
  );
  const selector =
    labels && Object.keys(labels).length > 0 ? labels : undefined;
  const mode = modeAt(spec.mtls, ['spec', 'mtls'], problems);
  const ports = new Map<number, MtlsMode | undefined>();
  const portsAt = ['spec', 'portLevelMtls'];
  const levels = objectAt(spec.portLevelMtls, portsAt, problems);
  for (const [port, value] of Object.entries(levels)) {
    const path = [...portsAt, port];
    const number = /^[0-9]+$/.test(port) ? Number(port) : 0;
    if (number < 1 || number > 65535)
      problems.push({ path, message: 'is no port' });
    else ports.set(number, modeAt(value, path, problems));
  }
  // What is null is not there when the definition counts.
  const stated = Object.values(levels).filter(value => value !== null);
  if (isJson(spec.portLevelMtls) && stated.length === 0)
    problems.push({
      path: ['spec', 'portLevelMtls'],
      message: 'must name a port',
    });
  if (ports.size > 0 && !selector) {
    problems.push({
      path: ['spec', 'portLevelMtls'],
      message: 'needs a selector',
    });
  }
  const namespace = namespaceOf(object);
  const name = `PeerAuthentication ${namespace}/${object.metadata.name}`;
  const findings = problems.map(({ path, message }) =>
    finding('invalid-object', `${name}: ${path.join('.')} ${message}.`, {
      at: manifest.locate?.(path) ?? manifest.at,
      objects: [name],
    }),
  );
  if (namespace === root && selector)
    findings.push(
      finding(
        'no-effect',
        `${name} has a selector in the root namespace: Istio ignores it for mutual TLS.`,
        { at: manifest.at, objects: [name] },
      ),
    );
  const isHiddenFromZtunnel =
    namespace === root && labels !== undefined && !selector;
  if (isHiddenFromZtunnel && withAmbient)
    findings.push(
      finding(
        'no-effect',
        `${name} has a selector without labels: sidecars take it for the whole mesh, ztunnel is not told of it. Leave the selector out.`,
        { at: manifest.at, objects: [name] },
      ),
    );
  return {
    ref: { kind: 'PeerAuthentication', namespace, name: object.metadata.name },
    manifest,
    namespace,
    isValid: problems.length === 0,
    ...(selector ? { selector } : {}),
    isHiddenFromZtunnel,
    ...(mode ? { mode } : {}),
    ports,
    findings,
  };
}

/** PeerAuthentications of a cluster (docs/semantics.md, A11 and 4.9). */
export class PeerAuthentications {
  readonly all: readonly CompiledPeerAuthentication[];
  readonly #byNamespace = new Map<string, CompiledPeerAuthentication[]>();

  private constructor(
    readonly cluster: Cluster,
    kept: readonly CompiledPeerAuthentication[],
    added: readonly ManifestObject[],
  ) {
    const root = cluster.profile.mesh.rootNamespace;
    const withAmbient = hasAmbient(cluster);
    this.all = [
      ...kept,
      ...added
        .filter(isPeerAuthentication)
        .map(manifest => compile(manifest, root, withAmbient)),
    ].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    for (const policy of this.all) {
      const list = this.#byNamespace.get(policy.namespace);
      if (list) list.push(policy);
      else this.#byNamespace.set(policy.namespace, [policy]);
    }
  }

  static of(cluster: Cluster): PeerAuthentications {
    return new PeerAuthentications(cluster, [], cluster.objects);
  }

  /** The same for the same workloads with other policies. */
  amended({ removed, added }: PolicyDelta): PeerAuthentications {
    if (![...removed, ...added].some(isPeerAuthentication)) return this;
    const gone = new Set(removed);
    return new PeerAuthentications(
      this.cluster,
      this.all.filter(({ manifest }) => !gone.has(manifest)),
      added,
    );
  }

  get findings(): Finding[] {
    return this.all.flatMap(({ findings }) => findings);
  }

  /** Policies that select the workload and that Istio would reject. */
  invalidFor(workload: Workload): RuleRef[] {
    return this.candidates(workload)
      .flat()
      .filter(policy => !policy.isValid)
      .map(policy => policy.ref);
  }

  /**
   * The most specific policy wins: workload, namespace, root namespace; UNSET
   * inherits; PERMISSIVE where nobody says anything. Among equals the oldest
   * wins, and manifests may not say which that is (A11 b): every one that may
   * be the oldest gives a reading. `settingsOf` reads one such choice.
   */
  of(
    workload: Workload,
    settingsOf: (
      chain: (CompiledPeerAuthentication | undefined)[],
    ) => MtlsSettings = settings,
  ): MtlsReadings {
    const [selecting, ...others] = this.candidates(workload).map(list =>
      list.filter(policy => policy.isValid),
    );
    const [namespaced, mesh] = others.map(oldest);
    // Of those that select some pods, any may hold for a pod, or none.
    const ofSome = selecting.filter(
      policy => matchLabels(policy.selector ?? {}, workload) === 'maybe',
    );
    const own = [
      ...oldest(selecting.filter(policy => !ofSome.includes(policy))),
      ...ofSome,
    ];
    const readings: MtlsSettings[] = [];
    for (const first of own) {
      for (const second of namespaced) {
        for (const third of mesh)
          readings.push(settingsOf([first, second, third]));
      }
    }
    const distinct = [
      ...new Map(readings.map(reading => [keyOf(reading), reading])).values(),
    ];
    return {
      readings: distinct,
      conditions: distinct.length < 2 ? [] : whyDifferent(workload, ofSome),
      key: distinct.map(keyOf).join('|'),
    };
  }

  private candidates(workload: Workload): CompiledPeerAuthentication[][] {
    const root = this.cluster.profile.mesh.rootNamespace;
    const here = this.#byNamespace.get(workload.namespace) ?? [];
    const isOwn = (policy: CompiledPeerAuthentication) =>
      policy.selector !== undefined &&
      matchLabels(policy.selector, workload) !== 'no';
    return [
      // A11 (a): in the root namespace one with a selector is ignored for mutual TLS.
      workload.namespace === root ? [] : here.filter(isOwn),
      workload.namespace === root
        ? []
        : here.filter(policy => !policy.selector),
      (this.#byNamespace.get(root) ?? []).filter(
        policy =>
          !policy.selector &&
          // Only pods of the root namespace itself (`fetchPeerAuthentications`).
          !(
            policy.isHiddenFromZtunnel &&
            workload.mesh === 'ambient' &&
            workload.namespace !== root
          ),
      ),
    ];
  }
}

/** Why a workload has several readings: its pods differ, or one of several policies is the oldest. */
function whyDifferent(
  workload: Workload,
  ofSome: readonly CompiledPeerAuthentication[],
): Condition[] {
  if (ofSome.length > 0)
    return ofSome.map(({ ref, selector }) =>
      podsDiffer(workload, objectName(ref), JSON.stringify(selector)),
    );
  return [
    {
      kind: 'policy-age-unknown',
      text: `Several PeerAuthentications of one scope hold for ${workload.id}; the oldest wins, and the manifests do not say which that is.`,
    },
  ];
}

function nameOf({ ref }: CompiledPeerAuthentication): string {
  return `${ref.namespace}/${ref.name}`;
}

/** Those that may be the oldest; `undefined` stands for none at all. */
function oldest(
  policies: CompiledPeerAuthentication[],
): (CompiledPeerAuthentication | undefined)[] {
  if (policies.length === 0) return [undefined];
  const ages = policies.map(policy =>
    Date.parse(asText(policy.manifest.object.metadata.creationTimestamp) ?? ''),
  );
  if (ages.some(Number.isNaN)) return policies;
  const first = Math.min(...ages);
  return policies.filter((_, index) => ages[index] === first);
}

function settings(
  chain: (CompiledPeerAuthentication | undefined)[],
): MtlsSettings {
  const deciding = chain.find(policy => policy?.mode !== undefined);
  const mode = deciding?.mode ?? 'PERMISSIVE';
  const ports = new Map<number, MtlsMode>();
  for (const [port, own] of chain[0]?.ports ?? []) ports.set(port, own ?? mode);
  const by = [deciding?.ref, ports.size > 0 ? chain[0]?.ref : undefined].filter(
    ref => ref !== undefined,
  );
  return { mode, ports, by: [...new Set(by)] };
}

function keyOf({ mode, ports }: MtlsSettings): string {
  return `${mode} ${[...ports]
    .sort(([a], [b]) => a - b)
    .map(([port, own]) => `${port}=${own}`)
    .join(',')}`;
}
