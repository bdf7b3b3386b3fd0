import { Path, formatField } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
import { Finding, finding } from '../../findings';
import { SourcePosition } from '../../source';
import { PathNormalization, ProfilePeer } from '../types';
import { nameOf } from './PlatformObjects';

/** Fields of the profile that objects of an estate can say, with the type of what they say. */
export interface FieldValues {
  'mesh.istioVersion': string;
  'mesh.rootNamespace': string;
  'mesh.trustDomain': string;
  'mesh.trustDomainAliases': readonly string[];
  'mesh.pathNormalization': PathNormalization;
  'mesh.ztunnelVersion': string;
  'mesh.sidecarHbone': boolean;
  'mesh.sendsHbone': boolean;
  'mesh.ambientDryRun': boolean;
  'mesh.autoAllowWaypoint': boolean;
  'mesh.layeredWaypointPolicies': boolean;
  'mesh.network': string;
  'cni.name': string;
  'cni.ipBlockMatchesPods': boolean;
  'cni.ipBlockMatchesNodes': boolean;
  'cni.enforcesNetworkPolicy': boolean;
  'cni.fqdnPolicies': boolean;
  'network.podCidrs': readonly string[];
  'network.nodeCidrs': readonly string[];
  'network.serviceCidrs': readonly string[];
  dns: readonly ProfilePeer[];
  controlPlane: readonly ProfilePeer[];
  probes: readonly ProfilePeer[];
}

/** Dotted path of such a field below `spec`. */
export type FoundField = keyof FieldValues;

/** What one object says about one field. */
export interface Sighting {
  field: FoundField;
  value: FieldValues[FoundField];
  /** Name of the object. */
  object: string;
  at: SourcePosition;
  /** True for one more entry of a list of which the rest may be unknown. */
  isPartial: boolean;
  /** False where others, if they say anything, know better. */
  isSure: boolean;
}

/** Fields that are suggested and never filled: each opens something, and whoever runs the platform decides that. */
export type SuggestedField = 'apiServer' | 'scrapers';

/** What objects let one guess of such a field. */
export interface Suggestion {
  field: SuggestedField;
  /** Absent where something is there, and what to write is not known. */
  value?: ProfilePeer;
  object: string;
  at: SourcePosition;
}

/** The place of a field, also of objects that were not read from text. */
export function placeOf(
  manifest: ManifestObject,
  path: Path,
  lineOfText?: number,
): SourcePosition {
  return manifest.locate?.(path, lineOfText) ?? manifest.at;
}

/** Collects what objects of an estate say about its platform. */
export class Evidence {
  readonly sightings: Sighting[] = [];
  readonly suggestions: Suggestion[] = [];
  readonly findings: Finding[] = [];

  add<F extends FoundField>(
    field: F,
    value: FieldValues[F],
    manifest: ManifestObject,
    path: Path,
    details: {
      lineOfText?: number;
      isPartial?: boolean;
      isSure?: boolean;
      /** Further objects of the kind that say the rest. */
      others?: number;
    } = {},
  ): void {
    const {
      lineOfText,
      isPartial = false,
      isSure = true,
      others = 0,
    } = details;
    this.sightings.push({
      field,
      value,
      object:
        others > 0
          ? `${nameOf(manifest)} and ${others} more`
          : nameOf(manifest),
      at: placeOf(manifest, path, lineOfText),
      isPartial,
      isSure,
    });
  }

  suggest(
    field: SuggestedField,
    value: ProfilePeer | undefined,
    manifest: ManifestObject,
    path: Path,
  ): void {
    this.suggestions.push({
      field,
      ...(value && { value }),
      object: nameOf(manifest),
      at: placeOf(manifest, path),
    });
  }

  /** @param why - follows the name of the object and the field */
  notReadable(
    manifest: ManifestObject,
    path: Path,
    why: string,
    lineOfText?: number,
  ): void {
    const name = nameOf(manifest);
    this.findings.push(
      finding('platform-not-readable', `${name}: ${formatField(path)} ${why}`, {
        at: placeOf(manifest, path, lineOfText),
        objects: [name],
      }),
    );
  }
}
