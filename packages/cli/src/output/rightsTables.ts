import type { KindState } from '@callgate/cluster-reader';
import type { LiveCluster } from '../io/readLiveCluster';
import type { MissingKinds, OpenQuestion } from './clusterDoctorTables';
import type { TextTable } from './renderTable';

const ROLE = 'the rules of ClusterRole callgate-reader (deploy/rbac.yaml)';

const STATES: Readonly<Record<KindState['state'], string>> = {
  read: 'read',
  refused: 'not allowed',
  fails: 'not answered',
  waits: 'not answered',
};

/** The rule that an account lacks to read a kind, as a line of YAML. */
export function missingRule({ kind }: KindState): string {
  const { group, plural, name } = kind;
  const names = name === undefined ? '' : `, resourceNames: [${name}]`;
  return `- { apiGroups: [${
    group === '' ? "''" : group
  }], resources: [${plural}]${names}, verbs: [get, list, watch] }`;
}

/** Rights that are missing, with the rule to add; and why else a cluster could not be read. */
export function openOfReading({
  kinds,
  problems,
}: Pick<LiveCluster, 'kinds' | 'problems'>): OpenQuestion[] {
  const refused = kinds.filter(({ state }) => state === 'refused');
  return [
    ...refused.map(each => ({
      field: '',
      what: `${each.verb} of ${nameOf(each)} is not allowed`,
      action: `Add to ${roleOf(each)}: ${missingRule(each)}`,
    })),
    ...problems
      // The rules above say more of what is not allowed.
      .filter(problem => !/ does not let Callgate /.test(problem))
      .map(what => ({ field: '', what, action: '' })),
  ];
}

/** What may be read, and how much there is of it. */
export function rightsTables({
  kinds,
  counts,
}: Pick<LiveCluster, 'kinds' | 'counts'>): TextTable[] {
  return [
    {
      title: 'What may be read',
      header: ['kind', 'is', 'objects'],
      rows: kinds.map(each => [
        nameOf(each),
        STATES[each.state],
        each.state === 'refused' ? '' : String(counts.get(idOf(each)) ?? 0),
      ]),
      whenEmpty: 'The cluster has not said which kinds it serves.',
    },
  ];
}

/** Why a kind was not among what was read of a cluster. */
export function whyMissing(
  kinds: LiveCluster['kinds'],
  isEverRead: (group: string, kind: string) => boolean,
): MissingKinds {
  return {
    title: 'is not there because',
    of: id => {
      const [group, kind] = id.split('/');
      const found = kinds.find(
        each => each.kind.group === group && each.kind.kind === kind,
      );
      if (found)
        return found.state === 'read' ? 'there is none' : STATES[found.state];
      return isEverRead(group, kind)
        ? 'the cluster does not serve it'
        : 'it is never read: state the value in the profile';
    },
  };
}

/** What has to have the rule: objects are read by name in their own namespace. */
function roleOf({ kind: { namespace } }: KindState): string {
  return namespace === undefined
    ? ROLE
    : `the rules of Role callgate-reader in ${namespace} (deploy/rbac.yaml)`;
}

/** How objects are counted: see `LiveCluster`. */
function idOf({ kind: { group, kind, namespace, name } }: KindState): string {
  const id = `${group}/${kind}`;
  return name === undefined ? id : `${id} ${namespace}/${name}`;
}

function nameOf({ kind }: KindState): string {
  const { group, plural, namespace, name } = kind;
  if (name !== undefined) return `${plural} ${namespace}/${name}`;
  return group === '' ? plural : `${plural}.${group}`;
}
