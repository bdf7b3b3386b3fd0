import { LineCounter, isNode, parseDocument } from 'yaml';
import { Finding, finding } from '../findings';
import { parseCidr } from '../net/cidr';
import { SourceFile, SourcePosition } from '../source';
import { defaultPlatformProfile } from './defaultPlatformProfile';
import { platformProfileSchema } from './PlatformProfileSchema';
import { PlatformProfile } from './types';

const GUESSABLE = [
  'mesh.rootNamespace',
  'mesh.trustDomain',
  'mesh.pathNormalization',
] as const;

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
  const counter = new LineCounter();
  const document = parseDocument(file.text, {
    lineCounter: counter,
    logLevel: 'silent',
    merge: true,
  });
  const placeAt = (offset: number): SourcePosition => {
    const { line, col } = counter.linePos(offset);
    return { file: file.path, line, column: col };
  };
  const problem = document.errors[0];
  if (problem) {
    const message = `${file.path}: ${problem.message.split('\n')[0]}`;
    return {
      findings: [
        finding('profile-invalid', message, {
          at: placeAt(problem.pos[0]),
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
  const parsed = platformProfileSchema.safeParse(
    document.toJS({ maxAliasCount: 100 }),
  );
  if (!parsed.success) {
    return {
      findings: parsed.error.issues.map(issue =>
        finding(
          'profile-invalid',
          `${issue.path.join('.') || 'profile'}: ${issue.message}`,
          {
            at: locate(issue.path),
            objects: [file.path],
          },
        ),
      ),
    };
  }
  const { metadata, spec } = parsed.data;
  const findings: Finding[] = [];
  for (const field of ['podCidrs', 'nodeCidrs', 'serviceCidrs'] as const) {
    (spec.network?.[field] ?? []).forEach((cidr, index) => {
      if (parseCidr(cidr)) return;
      findings.push(
        finding(
          'profile-invalid',
          `spec.network.${field}: "${cidr}" is not a CIDR`,
          {
            at: locate(['spec', 'network', field, index]),
            objects: [file.path],
          },
        ),
      );
    });
  }
  if (findings.length > 0) return { findings };

  const defaults = defaultPlatformProfile(metadata.name);
  const guesses: string[] = GUESSABLE.filter(field => {
    const [group, name] = field.split('.') as [
      'mesh',
      'rootNamespace' | 'trustDomain' | 'pathNormalization',
    ];
    return spec[group]?.[name] === undefined;
  });
  if (spec.dns === undefined) guesses.push('dns');
  if (spec.controlPlane === undefined) guesses.push('controlPlane');
  return {
    profile: {
      name: metadata.name,
      environments: spec.environments ?? defaults.environments,
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
      guesses,
    },
    findings,
  };
}
