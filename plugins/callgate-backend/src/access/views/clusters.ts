import type {
  ProbeReport,
  ProfileEntry,
  ProfileReport,
  ProfileSource,
} from '@callgate/policy';
import type {
  ClusterPlatform,
  PlatformField,
  PlatformPlace,
  PlatformProbes,
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

/** What takes calls from farthest outside is never what is left out; what is not known may be the internet. */
const FARTHEST: readonly ProfileSource['takesFrom'][] = [
  'internet',
  'unknown',
  'network',
  'cluster',
];

/**
 * A cluster's platform as pages show it.
 *
 * @param everythingSeen - false for a reader from whom the catalog hides something
 */
export function toClusterPlatform(
  { cluster, hasProfile, entries, probes, missingKinds }: ProfileReport,
  everythingSeen: boolean,
): ClusterPlatform {
  return {
    cluster,
    hasProfile,
    fields: entries.map(entry => toField(entry, everythingSeen)),
    ...(probes.workloads > 0 && { probes: toProbes(probes, everythingSeen) }),
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
    found: farthestFirst(found).slice(0, MOST_PLACES).map(toPlace),
    ...(found.length > MOST_PLACES && {
      foundLeftOut: found.length - MOST_PLACES,
    }),
    suggestedBy: suggestedBy.slice(0, MOST_PLACES).map(toPlace),
    lines: lines.slice(0, MOST_PLACES),
  };
}

function farthestFirst(found: readonly ProfileSource[]): ProfileSource[] {
  const rank = ({ takesFrom }: ProfileSource) =>
    takesFrom === undefined ? FARTHEST.length : FARTHEST.indexOf(takesFrom);
  return [...found].sort((a, b) => rank(a) - rank(b));
}

/** A port can tell what listens there as a name can; how many there are tells nothing. */
function toProbes(
  { workloads, ways, addresses, closedBy }: ProbeReport,
  everythingSeen: boolean,
): PlatformProbes {
  return {
    workloads,
    ways: ways.map(each => ({
      way: each.way,
      workloads: each.workloads,
      ports: everythingSeen ? each.ports : [],
      ...(everythingSeen && { example: each.example }),
    })),
    ...(addresses && { addresses }),
    ...(closedBy && { closedBy: toPlace(closedBy) }),
    ...(!everythingSeen && { withheld: true }),
  };
}

function toPlace({
  value,
  at,
  object,
  takesFrom,
  addresses,
  isProgrammed,
}: Pick<ProfileSource, 'value' | 'at'> &
  Partial<ProfileSource>): PlatformPlace {
  return {
    value: JSON.stringify(value) ?? '',
    ...(object !== undefined && { object }),
    file: at.file,
    ...(at.line !== undefined && { line: at.line }),
    ...(takesFrom && { takesFrom }),
    ...(addresses && { addresses: [...addresses] }),
    ...(isProgrammed === false && { programmed: false }),
  };
}
