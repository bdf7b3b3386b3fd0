import { ManifestObject } from '../../estate/types';
import { Finding, finding } from '../../findings';
import { formatPosition } from '../../source';
import { FoundValue, PlatformProfile } from '../types';
import { agrees } from './agrees';
import { discoverCilium } from './discoverCilium';
import { discoverCni } from './discoverCni';
import { discoverDns, discoverNodeLocalDns } from './discoverDns';
import { discoverIstioCni } from './discoverIstioCni';
import { discoverIstiod, discoverMeshNetwork } from './discoverIstiod';
import { discoverKubeadm } from './discoverKubeadm';
import { discoverMeshConfig } from './discoverMeshConfig';
import { discoverNodes } from './discoverNodes';
import {
  discoverCalicoPools,
  discoverCiliumPools,
  discoverOpenShiftNetwork,
} from './discoverPools';
import { discoverServiceCidrs } from './discoverServiceCidrs';
import { discoverZtunnel } from './discoverZtunnel';
import { Evidence, FoundField, Sighting } from './Evidence';
import { LISTS, isOpen, valueIn, withValue } from './fields';
import { PlatformObjects } from './PlatformObjects';

const SOURCES: readonly ((
  platform: PlatformObjects,
  evidence: Evidence,
) => void)[] = [
  discoverMeshConfig,
  discoverIstiod,
  discoverMeshNetwork,
  discoverZtunnel,
  discoverIstioCni,
  discoverDns,
  discoverNodeLocalDns,
  discoverCni,
  discoverCilium,
  discoverCalicoPools,
  discoverCiliumPools,
  discoverOpenShiftNetwork,
  discoverNodes,
  discoverServiceCidrs,
  discoverKubeadm,
];

/** By field and object, so that the order of files decides nothing. */
function order(a: Sighting, b: Sighting): number {
  const keys = (each: Sighting) => [
    each.field,
    `${Number(each.isPartial)}`,
    each.object,
    JSON.stringify(each.value),
  ];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  if (at < 0) return 0;
  return left[at] < right[at] ? -1 : 1;
}

/**
 * Fills what a profile does not state from objects of the estate. What it
 * states goes first; where an object says something else, that is the finding
 * `profile-disagrees`. Objects that contradict each other decide nothing:
 * `profile-ambiguous`.
 */
export function discoverProfile(
  profile: PlatformProfile,
  objects: readonly ManifestObject[],
): { profile: PlatformProfile; findings: Finding[] } {
  const evidence = new Evidence();
  const platform = new PlatformObjects(objects, profile);
  for (const discover of SOURCES) discover(platform, evidence);
  const byField = new Map<FoundField, Sighting[]>();
  for (const sighting of evidence.sightings.sort(order)) {
    const known = byField.get(sighting.field);
    if (known) known.push(sighting);
    else byField.set(sighting.field, [sighting]);
  }
  let filled = profile;
  const { findings } = evidence;
  for (const [field, sightings] of byField) {
    if (!isOpen(profile, field)) {
      findings.push(...disagreements(profile, field, sightings));
    } else if (LISTS.has(field)) {
      filled = withList(filled, field, sightings);
    } else if (isUnanimous(sightings)) {
      filled = withFound(filled, field, sightings[0].value, sightings);
    } else {
      findings.push(ambiguity(field, sightings));
    }
  }
  return { profile: filled, findings };
}

function isUnanimous(sightings: readonly Sighting[]): boolean {
  return (
    new Set(sightings.map(({ value }) => JSON.stringify(value))).size === 1
  );
}

function withFound(
  profile: PlatformProfile,
  field: FoundField,
  value: unknown,
  sightings: readonly Sighting[],
): PlatformProfile {
  const found = sightings.map(
    ({ value: own, object, at }): FoundValue => ({
      field,
      value: own,
      source: { object, at },
    }),
  );
  const isWhole = sightings.some(({ isPartial }) => !isPartial);
  return {
    ...withValue(profile, field, value),
    guesses: profile.guesses.filter(guess => !isWhole || guess !== field),
    found: [...profile.found, ...found],
  };
}

/** Joins what several objects say; entries that are only further ones stand behind the guess, which stays one. */
function withList(
  profile: PlatformProfile,
  field: FoundField,
  sightings: readonly Sighting[],
): PlatformProfile {
  const usual = valueIn(profile, field);
  const isWhole = sightings.some(({ isPartial }) => !isPartial);
  const entries = [
    ...(isWhole || !Array.isArray(usual) ? [] : usual),
    ...sightings.flatMap(({ value }) => (Array.isArray(value) ? value : [])),
  ];
  const unique = new Map(entries.map(each => [JSON.stringify(each), each]));
  return withFound(profile, field, [...unique.values()], sightings);
}

function said(value: unknown): string {
  return JSON.stringify(value);
}

function disagreements(
  profile: PlatformProfile,
  field: FoundField,
  sightings: readonly Sighting[],
): Finding[] {
  const stated = profile.stated.find(each => each.field === field);
  if (!stated) return [];
  const sure = sightings.filter(({ isSure }) => isSure);
  const counting = sure.length > 0 ? sure : sightings;
  const others = counting.filter(each => !agrees(profile, each));
  // Of several revisions the profile may state either.
  if (!LISTS.has(field) && others.length < counting.length) return [];
  return others.map(({ object, value, at }) =>
    finding(
      'profile-disagrees',
      `${field} is stated as ${said(
        valueIn(profile, field),
      )}; ${object} (${formatPosition(at)}) says ${said(value)}.`,
      { at: stated.at, objects: [object] },
    ),
  );
}

function ambiguity(field: FoundField, sightings: readonly Sighting[]): Finding {
  const words = sightings.map(
    ({ object, value, at }) =>
      `${object} (${formatPosition(at)}) says ${said(value)}`,
  );
  return finding('profile-ambiguous', `${field}: ${words.join(', ')}.`, {
    at: sightings[0].at,
    objects: sightings.map(({ object }) => object),
  });
}
