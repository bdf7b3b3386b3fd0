import {
  type GatewayExposure,
  gatewayExposure,
} from '../../estate/gatewayExposure';
import { groupOf } from '../../estate/podTemplates';
import { Cluster, MeshMode } from '../../estate/types';
import { hasHiddenCharacters } from '../../model/textRules';
import { Contradiction } from '../discover/Contradiction';
import { discoverProfile } from '../discover/discoverProfile';
import { Suggestion } from '../discover/Evidence';
import { PlatformObjects } from '../discover/PlatformObjects';
import { FoundValue, PlatformProfile, ProfilePeer } from '../types';
import { lineOf } from './lineOf';
import { probeReport } from './probeReport';
import { PROFILE_FIELDS, ProfileField } from './profileFields';
import {
  ProfileEntry,
  ProfileLine,
  ProfileReport,
  ProfileSource,
} from './types';

/** Calico's own server and its definitions show the same objects. */
const SAME: Readonly<Record<string, string>> = {
  'crd.projectcalico.org/IPPool': 'projectcalico.org/IPPool',
};

/**
 * What is known of a cluster's platform, field by field: what its profile
 * states, what objects of the estate say, what is guessed, and where they
 * contradict each other. It is what `buildCluster` went by.
 *
 * @public
 */
export function profileReport(cluster: Cluster): ProfileReport {
  const { objects, profileOption: given, profile: used } = cluster;
  const { contradictions, suggestions, profile } = discoverProfile(
    given,
    objects,
  );
  const entries = PROFILE_FIELDS.map(each => {
    const contradiction = contradictions.find(
      ({ field }) => field === each.field,
    );
    if (contradiction) return contradicted(each, contradiction);
    const stated = given.stated.find(({ field }) => field === each.field);
    if (stated) {
      const value = valueOf(given, each.field);
      return entry(each, {
        state: 'stated',
        value,
        stated: { value, at: stated.at },
        // From where calls come to them is for nobody to state.
        ...(each.field === 'gateways' && { found: gatewaysOf(cluster) }),
      });
    }
    const found = foundOf(cluster, profile, each.field);
    return found.length > 0 && !isStillGuess(cluster, each.field)
      ? entry(each, {
          state: 'found',
          value: usedOf(each.field, found) ?? valueOf(used, each.field),
          found,
        })
      : guessed(each, cluster, found, suggestions);
  });
  const platform = new PlatformObjects(objects, given);
  return {
    cluster: cluster.name,
    hasProfile: given.stated.length > 0,
    meshNamespaces: [...platform.meshNamespaces].sort(),
    entries,
    probes: probeReport(cluster, platform),
    missingKinds: missingKinds(cluster),
  };
}

function entry(
  { field, saidBy }: ProfileField,
  more: Partial<ProfileEntry> & Pick<ProfileEntry, 'state' | 'value'>,
): ProfileEntry {
  return {
    field,
    found: [],
    isConditional: false,
    suggestedBy: [],
    lines: [],
    saidBy,
    ...more,
  };
}

function contradicted(
  field: ProfileField,
  { stated, found, used }: Contradiction,
): ProfileEntry {
  return entry(field, {
    state: 'contradicts',
    value: used.value,
    ...(stated && { stated }),
    found: found.map(sourceOf),
    uses: used.by,
    isConditional: used.isInDoubt,
  });
}

function guessed(
  field: ProfileField,
  cluster: Cluster,
  found: ProfileSource[],
  suggestions: readonly Suggestion[],
): ProfileEntry {
  const value = valueOf(cluster.profile, field.field);
  const own = suggestions.filter(each => each.field === field.field);
  const lines = ((): ProfileLine[] => {
    const peers = byPeer(own);
    if (peers.length > 0)
      return (
        field.field === 'scrapers' ? peers.map(one => [one]) : [peers]
      ).map(several => suggestedLine(field.field, several));
    // No ports are known of what is there: an example would look like one of it.
    if (own.length > 0) return [];
    const isAssumed =
      field.example === undefined ||
      (value !== undefined && !isEmpty(value, field));
    return [
      isAssumed
        ? lineOf(field.field, value, 'default')
        : lineOf(field.field, field.example, 'example'),
    ];
  })();
  return entry(field, {
    state: 'guessed',
    value,
    found,
    isConditional:
      isStillGuess(cluster, field.field) && matters(cluster, field.field),
    suggestedBy: own.map(({ value: peer, object, at }) => ({
      value: peer,
      object,
      at,
    })),
    // Whoever copies it would state what they do not see.
    lines: lines.filter(({ text }) => !hasHiddenCharacters(text)),
  });
}

/** What is suggested, with the objects that suggest it; several replicas suggest the same. */
interface SuggestedPeer {
  peer: ProfilePeer;
  objects: string[];
}

function byPeer(suggestions: readonly Suggestion[]): SuggestedPeer[] {
  const found = new Map<string, SuggestedPeer>();
  for (const { value: peer, object } of suggestions) {
    if (!peer) continue;
    const key = JSON.stringify(peer);
    const known = found.get(key);
    if (known) known.objects.push(object);
    else found.set(key, { peer, objects: [object] });
  }
  return [...found.values()];
}

function suggestedLine(
  field: string,
  several: readonly SuggestedPeer[],
): ProfileLine {
  const peers = several.map(({ peer }) => peer);
  return {
    ...lineOf(field, peers, 'suggested'),
    suggestedBy: [...new Set(several.flatMap(({ objects }) => objects))],
  };
}

/** A default that says nothing, so that an example helps more. */
function isEmpty(value: unknown, { field }: ProfileField): boolean {
  if (field === 'trust') return true;
  return Array.isArray(value) && value.length === 0;
}

function isStillGuess({ profile, workloads }: Cluster, field: string): boolean {
  return field === 'mesh.mode'
    ? workloads.some(({ meshIsGuess }) => meshIsGuess)
    : profile.guesses.includes(field);
}

/** Where nothing has a proxy, no verdict rests on what the mesh would be like. */
function matters({ workloads }: Cluster, field: string): boolean {
  const isOfMesh = field.startsWith('mesh.') || field === 'controlPlane';
  return (
    !isOfMesh ||
    field === 'mesh.mode' ||
    workloads.some(({ mesh, meshIsGuess }) => mesh !== 'none' || meshIsGuess)
  );
}

function sourceOf({ value, source }: FoundValue): ProfileSource {
  return { value, ...source };
}

function foundOf(
  cluster: Cluster,
  profile: PlatformProfile,
  field: string,
): ProfileSource[] {
  switch (field) {
    case 'mesh.mode':
      return modesOf(cluster);
    case 'gateways':
      return gatewaysOf(cluster);
    default:
      return profile.found.filter(each => each.field === field).map(sourceOf);
  }
}

/** Of what is found workload by workload the profile itself has nothing. */
function usedOf(field: string, found: readonly ProfileSource[]): unknown {
  if (field === 'gateways') return found.map(({ value }) => value);
  if (field !== 'mesh.mode') return undefined;
  const modes = found.map(({ value }) => value);
  return modes.length === 1 ? modes[0] : modes;
}

/** For each mode the first workload that surely has it. */
function modesOf({ workloads }: Cluster): ProfileSource[] {
  const modes: readonly MeshMode[] = ['sidecar', 'ambient', 'none'];
  return modes.flatMap(mode => {
    const first = workloads.find(
      each => each.mesh === mode && !each.meshIsGuess && each.runsOn === 'pods',
    );
    if (!first) return [];
    const { kind, namespace, name, at } = first;
    return [{ value: mode, object: `${kind} ${namespace}/${name}`, at }];
  });
}

/** Proxies at the edge, and from where calls come to each; one that is found and stated too is one. */
function gatewaysOf(cluster: Cluster): ProfileSource[] {
  const byId = new Map(cluster.workloads.map(each => [each.id, each]));
  const seen = new Set<string>();
  return cluster.gateways.flatMap(
    ({ id, namespace, name, purpose, workload, at }) => {
      const key = `${id} ${workload}`;
      if (!at || seen.has(key)) return [];
      seen.add(key);
      const pods = byId.get(workload);
      const exposure = pods && gatewayExposure(cluster, pods);
      return [
        {
          value: { namespace, name, purpose },
          object: `Gateway ${namespace}/${name}`,
          at,
          ...(exposure && exposureOf(exposure)),
        },
      ];
    },
  );
}

function exposureOf({ by: _, ...said }: GatewayExposure) {
  return said;
}

function valueOf(profile: PlatformProfile, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (value, name) => new Map(Object.entries(Object(value))).get(name),
      profile,
    );
}

function missingKinds({ objects }: Cluster): string[] {
  const there = new Set(
    objects.map(({ object }) => {
      const kind = `${groupOf(object)}/${object.kind}`;
      return SAME[kind] ?? kind;
    }),
  );
  const wanted = new Set(PROFILE_FIELDS.flatMap(({ saidBy }) => saidBy));
  return [...wanted].filter(kind => !there.has(kind)).sort();
}
