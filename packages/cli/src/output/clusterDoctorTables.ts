import {
  formatPosition,
  type Finding,
  type ProbeReport,
  type ProbeWay,
  type ProfileEntry,
  type ProfileLine,
  type ProfileReport,
  type ProfileSource,
} from '@callgate/policy';
import { shortJson } from './foundValues';
import type { TextTable } from './renderTable';

/** Something that has to be settled before verdicts on the cluster are sure. */
export interface OpenQuestion {
  field: string;
  what: string;
  action: string;
}

const COMMANDS: Readonly<Record<string, string>> = {
  '/ConfigMap':
    'kubectl -n istio-system get configmap istio -o yaml; kubectl -n kube-system get configmap cilium-config kubeadm-config --ignore-not-found -o yaml',
  '/Endpoints': 'kubectl -n default get endpoints kubernetes -o yaml',
  '/Namespace': 'kubectl get namespaces -o yaml',
  '/Node': 'kubectl get nodes -o yaml',
  '/Service': 'kubectl get services -A -o yaml',
  'apps/DaemonSet': 'kubectl get daemonsets -A -o yaml',
  'apps/Deployment': 'kubectl get deployments -A -o yaml',
  'apps/StatefulSet': 'kubectl get statefulsets -A -o yaml',
  'cilium.io/CiliumPodIPPool':
    'kubectl get ciliumpodippools.cilium.io -o yaml (with Cilium)',
  'config.openshift.io/Network':
    'kubectl get networks.config.openshift.io -o yaml (on OpenShift)',
  'discovery.k8s.io/EndpointSlice':
    'kubectl -n default get endpointslice kubernetes -o yaml',
  'gateway.networking.k8s.io/Gateway':
    'kubectl get gateways.gateway.networking.k8s.io -A -o yaml (with the Gateway API)',
  'networking.k8s.io/ServiceCIDR':
    'kubectl get servicecidrs -o yaml (Kubernetes 1.33 and later)',
  'projectcalico.org/IPPool':
    'kubectl get ippools.crd.projectcalico.org -o yaml (with Calico)',
};

/** What is open: contradictions, guesses that verdicts rest on, and what could not be read. */
export function openQuestions(
  { entries, probes }: ProfileReport,
  findings: readonly Finding[],
): OpenQuestion[] {
  return [
    ...refusedProbes(probes),
    ...entries.filter(({ state }) => state === 'contradicts').map(contradicted),
    ...entries
      .filter(
        ({ state, isConditional }) => state === 'guessed' && isConditional,
      )
      .map(guessed),
    ...findings
      // Where nothing was read, that nothing contradicts is no answer.
      .filter(
        ({ code }) =>
          code === 'platform-not-readable' || code === 'estate-empty',
      )
      .map(({ message, at, fix }) => ({
        field: '',
        what: at ? `${formatPosition(at)}: ${message}` : message,
        action: fix ?? '',
      })),
  ];
}

/** Who closes workloads cuts these off, and their pods are restarted or get no calls. */
function refusedProbes({ ways, closedBy }: ProbeReport): OpenQuestion[] {
  return ways
    .filter(({ way }) => way === 'refused')
    .map(({ workloads, example }) => ({
      field: 'probes',
      what: `${
        closedBy
          ? `${closedBy.object} (${formatPosition(
              closedBy.at,
            )}) keeps the node out that pods run on`
          : 'the profile states no address of probes'
      }: once a network policy closes them, the kubelet's probes of ${workloads} workload${
        workloads === 1 ? '' : 's'
      } fail, such as of ${example}`,
      action: closedBy
        ? 'Take allow-localhost: policy back, or admit the entity host by a CiliumClusterwideNetworkPolicy first.'
        : 'State the address in the profile, or leave the field out.',
    }));
}

/** How probes get through, and why. */
function wayText({ way }: ProbeWay, probes: ProbeReport): string {
  switch (way) {
    case 'node':
      return 'let through: they come from the node of the pod, which no network policy keeps out (Kubernetes)';
    case 'address':
      return `let through by what Callgate generates: they come from ${probes.addresses?.join(
        ', ',
      )}`;
    case 'refused':
      return probes.closedBy
        ? `kept out: ${probes.closedBy.object} says allow-localhost: policy`
        : 'kept out: the profile states no address of probes';
    default:
      return 'not known: nothing says whether they are in ambient mode; state mesh.mode';
  }
}

const WHY = {
  stated: 'what is stated is used',
  found: 'what is found is used, because it is the stricter one',
  default: 'neither is used',
} as const;

function contradicted(entry: ProfileEntry): OpenQuestion {
  const { field, stated, found, uses = 'default', isConditional } = entry;
  const said = found.map(
    ({ object, at, value }) =>
      `${object} (${formatPosition(at)}) says ${shortJson(value)}`,
  );
  const what = stated
    ? `${formatPosition(stated.at)} states ${shortJson(
        stated.value,
      )}, ${said.join(', ')}`
    : said.join(', ');
  const doubt = isConditional
    ? ', and verdicts that rest on it are conditional'
    : '';
  return {
    field,
    what: `${what}; ${WHY[uses]}${doubt}`,
    action: stated
      ? 'Correct the profile, or the object.'
      : 'State the value in the profile.',
  };
}

function guessed({ field, value, lines }: ProfileEntry): OpenQuestion {
  const [line] = lines;
  return {
    field,
    what: `nothing says it; ${shortJson(value)} is assumed`,
    action: line
      ? `If that is right, add below ${line.below}: ${line.text}`
      : 'State it in the profile.',
  };
}

const ORDER = ['contradicts', 'guessed', 'found', 'stated'] as const;

function placesOf({ stated, found, suggestedBy }: ProfileEntry): string {
  const objects = [...found, ...suggestedBy].map(
    source =>
      `${source.object} at ${formatPosition(source.at)}${exposureOf(source)}`,
  );
  const [first, ...rest] = [
    ...(stated ? [formatPosition(stated.at)] : []),
    ...objects,
  ];
  if (first === undefined) return '';
  const more = rest.length > 3 ? [`${rest.length} more`] : rest;
  return [first, ...more].join('; ');
}

/** From where calls come to a gateway, and what says so beside its Services. */
function exposureOf(source: ProfileSource): string {
  const { takesFrom, addresses = [], isProgrammed } = source;
  if (takesFrom === undefined) return '';
  return [
    `, takes calls from: ${takesFrom}`,
    ...(addresses.length > 0 ? [` (${addresses.join(', ')})`] : []),
    ...(isProgrammed === false ? [', not programmed by its controller'] : []),
  ].join('');
}

/** What the value of a line is. */
function meantBy({ from, suggestedBy = [] }: ProfileLine): string {
  switch (from) {
    case 'suggested':
      return `what ${suggestedBy.join(
        ', ',
      )} suggests: check it, it opens access`;
    case 'example':
      return 'an example: replace it';
    default:
      return 'what is assumed';
  }
}

/** How to come by a kind that was not among what was read. */
export interface MissingKinds {
  /** The title of that column. */
  title: string;
  /** @param kind - `group/Kind` */
  of(kind: string): string;
}

const FROM_MANIFESTS: MissingKinds = {
  title: 'get it with',
  of: kind => COMMANDS[kind] ?? '',
};

/** What is known of a cluster, for people. */
export function clusterDoctorTables(
  report: ProfileReport,
  open: readonly OpenQuestion[],
  missing: MissingKinds = FROM_MANIFESTS,
): TextTable[] {
  const { entries, missingKinds, cluster } = report;
  const sorted = ORDER.flatMap(state =>
    entries.filter(each => each.state === state),
  );
  return [
    {
      title: `Open in ${cluster}`,
      header: ['field', 'what', 'do'],
      rows: open.map(({ field, what, action }) => [field, what, action]),
      whenEmpty: 'Nothing is open.',
    },
    {
      title: 'What is known',
      header: ['field', 'is', 'value', 'from'],
      rows: sorted.map(entry => [
        entry.field,
        entry.state,
        entry.value === undefined ? '' : shortJson(entry.value),
        placesOf(entry),
      ]),
      whenEmpty: '',
    },
    {
      title: 'Probes of the kubelet',
      header: ['workloads', 'ports', 'where network policies close them'],
      rows: report.probes.ways.map(each => [
        each.workloads === 1
          ? each.example
          : `${each.example} and ${each.workloads - 1} more`,
        each.ports.join(', '),
        wayText(each, report.probes),
      ]),
      whenEmpty: 'No workload that was read has any over the network.',
    },
    {
      title: 'Lines that would state what is guessed',
      header: ['below', 'line', 'its value is'],
      rows: entries.flatMap(({ lines }) =>
        lines.map(line => [line.below, line.text, meantBy(line)]),
      ),
      whenEmpty: 'Nothing is guessed.',
    },
    {
      title: 'Kinds that are not in what was read',
      header: ['kind', 'could say', missing.title],
      rows: missingKinds.map(kind => [
        kind.replace(/^\//, ''),
        entries
          .filter(({ saidBy }) => saidBy.includes(kind))
          .map(({ field }) => field)
          .join(', '),
        missing.of(kind),
      ]),
      whenEmpty: 'Every kind that says something of a platform was there.',
    },
  ];
}
