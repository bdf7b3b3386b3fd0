import { ManifestObject } from '../../estate/types';
import { Finding, finding } from '../../findings';
import { formatPosition } from '../../source';
import { FoundValue, PlatformProfile } from '../types';
import { agrees } from './agrees';
import { Contradiction } from './Contradiction';
import { discoverApiServer } from './discoverApiServer';
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
import { discoverScrapers } from './discoverScrapers';
import { discoverServiceCidrs } from './discoverServiceCidrs';
import { discoverZtunnel } from './discoverZtunnel';
import { Evidence, FoundField, Sighting, Suggestion } from './Evidence';
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
  discoverApiServer,
  discoverScrapers,
];

/**
 * Fields that are taken for a guess while what the profile states and what an object says differ: what it states is used,
 * and verdicts that rest on it are conditional. Of the others being wrong shows as access that is missing, not as a layer
 * that is not there.
 */
const IN_DOUBT: ReadonlySet<FoundField> = new Set<FoundField>([
  'mesh.pathNormalization',
  'mesh.trustDomain',
]);

/** What looking through an estate finds. */
export interface Discovery {
  /** The profile with what it did not state. */
  profile: PlatformProfile;
  findings: Finding[];
  /** Where profile and objects, or objects alone, say different things. Sorted by field. */
  contradictions: Contradiction[];
  /** What is never filled in: see {@link Suggestion}. Sorted by field and object. */
  suggestions: Suggestion[];
}

interface Ordered {
  field: string;
  isPartial?: boolean;
  object: string;
  value?: unknown;
}

/** By field and object, so that the order of files decides nothing. */
function order(a: Ordered, b: Ordered): number {
  const keys = (each: Ordered) => [
    each.field,
    `${Number(each.isPartial ?? false)}`,
    each.object,
    JSON.stringify(each.value) ?? '',
  ];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  if (at < 0) return 0;
  return left[at] < right[at] ? -1 : 1;
}

/**
 * Fills what a profile does not state from objects of the estate. What it
 * states goes first; where an object says something else, that is the finding
 * `profile-disagrees`, and where what it states would promise more than is
 * there, less is believed: see {@link Contradiction}. Objects that contradict
 * each other decide nothing: `profile-ambiguous`.
 */
export function discoverProfile(
  profile: PlatformProfile,
  objects: readonly ManifestObject[],
): Discovery {
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
  const contradictions: Contradiction[] = [];
  for (const [field, sightings] of byField) {
    if (!isOpen(profile, field)) {
      const contradiction = disagreement(profile, field, sightings);
      if (!contradiction) continue;
      contradictions.push(contradiction);
      findings.push(...disagreements(contradiction));
      filled = settled(filled, contradiction);
    } else if (LISTS.has(field)) {
      filled = withList(filled, field, sightings);
    } else if (isUnanimous(sightings)) {
      filled = withFound(filled, field, sightings[0].value, sightings);
    } else {
      const value = valueIn(profile, field);
      contradictions.push({
        field,
        found: foundIn(sightings),
        used: { value, by: 'default', isInDoubt: isGuess(profile, field) },
      });
      findings.push(ambiguity(field, sightings));
    }
  }
  const suggestions = evidence.suggestions.sort(order);
  return { profile: filled, findings, contradictions, suggestions };
}

function isGuess({ guesses }: PlatformProfile, field: FoundField): boolean {
  return guesses.includes(field);
}

function foundIn(sightings: readonly Sighting[]): FoundValue[] {
  return sightings.map(
    ({ field, value, object, at }): FoundValue => ({
      field,
      value,
      source: { object, at },
    }),
  );
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
  const isWhole = sightings.some(({ isPartial }) => !isPartial);
  return {
    ...withValue(profile, field, value),
    guesses: profile.guesses.filter(guess => !isWhole || guess !== field),
    found: [...profile.found, ...foundIn(sightings)],
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

function disagreement(
  profile: PlatformProfile,
  field: FoundField,
  sightings: readonly Sighting[],
): Contradiction | undefined {
  const stated = profile.stated.find(each => each.field === field);
  if (!stated) return undefined;
  const sure = sightings.filter(({ isSure }) => isSure);
  const counting = sure.length > 0 ? sure : sightings;
  const others = counting.filter(each => !agrees(profile, each));
  // Of several revisions the profile may state either.
  const isEither = !LISTS.has(field) && others.length < counting.length;
  if (others.length === 0 || isEither) return undefined;
  const value = valueIn(profile, field);
  // A layer that something surely there does not enforce is none, whatever somebody wrote.
  const isOverruled =
    field === 'cni.enforcesNetworkPolicy' && value === true && sure.length > 0;
  return {
    field,
    stated: { value, at: stated.at },
    found: foundIn(others),
    used: isOverruled
      ? { value: false, by: 'found', isInDoubt: false }
      : { value, by: 'stated', isInDoubt: IN_DOUBT.has(field) },
  };
}

/** The profile with what is used of a contradiction. */
function settled(
  profile: PlatformProfile,
  { field, used }: Contradiction,
): PlatformProfile {
  if (used.by === 'found') return withValue(profile, field, used.value);
  if (!used.isInDoubt || profile.guesses.includes(field)) return profile;
  return { ...profile, guesses: [...profile.guesses, field] };
}

function disagreements({
  field,
  stated,
  found,
  used,
}: Contradiction): Finding[] {
  if (!stated) return [];
  const [what] = [
    ...(used.by === 'found'
      ? [` ${said(used.value)} counts: it is the stricter one.`]
      : []),
    ...(used.isInDoubt ? [' Verdicts that rest on it are conditional.'] : []),
    '',
  ];
  return found.map(({ value, source: { object, at } }) =>
    finding(
      'profile-disagrees',
      `${field} is stated as ${said(stated.value)}; ${object} (${formatPosition(
        at,
      )}) says ${said(value)}.${what}`,
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
