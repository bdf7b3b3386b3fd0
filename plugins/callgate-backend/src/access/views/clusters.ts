import type {
  ProfileEntry,
  ProfileReport,
  ProfileSource,
} from '@callgate/policy';
import type {
  ClusterPlatform,
  PlatformField,
  PlatformPlace,
} from '@callgate/plugin-callgate-common';

/** Fields whose values or places name workloads, owners or what belongs to them: any of it may be of a hidden entity. */
const NAMING: ReadonlySet<string> = new Set([
  'addresses',
  'eastWest',
  'gateways',
  'mesh.mode',
  'namespace',
  'owners',
  'scrapers',
  'telemetry',
  'trust',
  'workloadKinds',
]);

/** Further ones of a list are counted by whoever looks: that is what the command line is for. */
const MOST_PLACES = 20;

/**
 * A cluster's platform as pages show it.
 *
 * @param everythingSeen - false for a reader from whom the catalog hides something
 */
export function toClusterPlatform(
  { cluster, hasProfile, entries, missingKinds }: ProfileReport,
  everythingSeen: boolean,
): ClusterPlatform {
  return {
    cluster,
    hasProfile,
    fields: entries.map(entry => toField(entry, everythingSeen)),
    missingKinds,
  };
}

function toField(entry: ProfileEntry, everythingSeen: boolean): PlatformField {
  const { field, state, value, stated, found, suggestedBy, uses, lines } =
    entry;
  const conditional = entry.isConditional;
  const base = { field, state, conditional, ...(uses && { uses }) };
  if (!everythingSeen && NAMING.has(field))
    return { ...base, found: [], suggestedBy: [], lines: [], withheld: true };
  return {
    ...base,
    ...(value !== undefined && { value: JSON.stringify(value) }),
    ...(stated && { stated: toPlace(stated) }),
    found: found.slice(0, MOST_PLACES).map(toPlace),
    suggestedBy: suggestedBy.slice(0, MOST_PLACES).map(toPlace),
    lines: lines.slice(0, MOST_PLACES),
  };
}

function toPlace({
  value,
  at,
  object,
  takesFrom,
}: Pick<ProfileSource, 'value' | 'at'> &
  Partial<ProfileSource>): PlatformPlace {
  return {
    value: JSON.stringify(value) ?? '',
    ...(object !== undefined && { object }),
    file: at.file,
    ...(at.line !== undefined && { line: at.line }),
    ...(takesFrom && { takesFrom }),
  };
}
