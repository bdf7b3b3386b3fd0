import { shapeMessage } from '../yaml/shapeMessage';
import { isNode } from 'yaml';
import { fenced } from '../fence';
import { Finding, finding } from '../findings';
import { asJson } from '../estate/json';
import { SourceFile, SourcePosition } from '../source';
import { composeYaml } from '../yaml/composeYaml';
import { MAX_RICH_DOCUMENT } from '../yaml/limits';
import { defaultPlatformProfile } from './defaultPlatformProfile';
import { platformProfileSchema } from './PlatformProfileSchema';
import { PlatformProfile } from './types';

/** Groups of fields that are stated one by one. */
const GROUPS = ['mesh', 'cni', 'network'];

/** Dotted paths of what a profile states. */
function statedFields(spec: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(spec).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return GROUPS.includes(name)
      ? Object.keys(asJson(value)).map(field => `${name}.${field}`)
      : [name];
  });
}

interface ParsedProfile {
  profile?: PlatformProfile;
  findings: Finding[];
}

/**
 * Reads a platform profile from YAML. On any error there is no profile, and
 * each finding names file, line, column and field.
 *
 * @public
 */
export function parsePlatformProfile(file: SourceFile): {
  profile?: PlatformProfile;
  findings: Finding[];
} {
  return fenced(
    () => parse(file),
    reason => ({
      findings: [
        finding(
          'profile-invalid',
          `${file.path} has a form that is not known`,
          { at: { file: file.path }, objects: [file.path], data: { reason } },
        ),
      ],
    }),
  );
}

function parse(file: SourceFile): ParsedProfile {
  const { document, counter, problem } = composeYaml(file.text, {
    most: MAX_RICH_DOCUMENT,
    merge: true,
  });
  const placeAt = (offset: number): SourcePosition => {
    const { line, col } = counter.linePos(offset);
    return { file: file.path, line, column: col };
  };
  if (problem) {
    const message = `${file.path}: ${problem.message}`;
    return {
      findings: [
        finding('profile-invalid', message, {
          at: placeAt(problem.offset),
          objects: [file.path],
        }),
      ],
    };
  }
  const locate = (path: readonly PropertyKey[]): SourcePosition => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range)
        return { ...placeAt(node.range[0]), field: path.join('.') };
    }
    return {
      ...placeAt(document.contents?.range?.[0] ?? 0),
      field: path.join('.'),
    };
  };
  const invalid = (message: string, at: SourcePosition) =>
    finding('profile-invalid', message, { at, objects: [file.path] });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not readable';
    return { findings: [invalid(`${file.path}: ${why}`, locate([]))] };
  }
  const parsed = platformProfileSchema.safeParse(value);
  if (!parsed.success) {
    return {
      findings: parsed.error.issues.map(({ path, message }) =>
        invalid(
          shapeMessage(path.join('.') || 'the document', message, ': '),
          locate(path),
        ),
      ),
    };
  }
  const { metadata, spec } = parsed.data;
  const stated = statedFields(spec);

  const defaults = defaultPlatformProfile(metadata.name);
  return {
    profile: {
      name: metadata.name,
      environments: spec.environments ?? defaults.environments,
      ...(spec.namespace !== undefined && { namespace: spec.namespace }),
      mesh: { ...defaults.mesh, ...spec.mesh },
      cni: { ...defaults.cni, ...spec.cni },
      network: { ...defaults.network, ...spec.network },
      dns: spec.dns ?? defaults.dns,
      controlPlane: spec.controlPlane ?? defaults.controlPlane,
      scrapers: spec.scrapers ?? defaults.scrapers,
      telemetry: spec.telemetry ?? defaults.telemetry,
      probes: spec.probes ?? defaults.probes,
      apiServer: spec.apiServer ?? defaults.apiServer,
      eastWest: spec.eastWest ?? defaults.eastWest,
      gateways: spec.gateways ?? defaults.gateways,
      trust: spec.trust ?? defaults.trust,
      workloadKinds: spec.workloadKinds ?? defaults.workloadKinds,
      owners: spec.owners ?? defaults.owners,
      addresses: spec.addresses ?? defaults.addresses,
      guesses: defaults.guesses.filter(guess => !stated.includes(guess)),
      stated: stated.map(field => ({
        field,
        at: locate(['spec', ...field.split('.')]),
      })),
      found: [],
    },
    findings: [],
  };
}
