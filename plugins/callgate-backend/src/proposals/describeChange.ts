import {
  type Contract,
  keptPlumbingWords,
  type Meaning,
  type Namer,
  policyOfOthersWords,
  sayWords,
  whoIsCut,
} from '@callgate/policy';
import { callsOf, operationText } from '../access/views/operations';
import { code, md, section, table } from './markdown';

const MOST_OPERATIONS = 40;
const MOST_CALLERS = 30;
const MOST_OTHERS = 10;
const MOST_PLUMBING = 40;

/** What a proposal changes, in the words of the portal, as sections of Markdown; an empty one has nothing to say. */
export function describeChange(
  meaning: Meaning,
  contract: Contract,
  names: Namer,
): string[] {
  return [
    opens(meaning, contract, names),
    others(meaning, names),
    cuts(meaning, names),
    keeps(meaning, names),
  ];
}

function opens(
  { gained, lost, restored }: Meaning,
  contract: Contract,
  names: Namer,
): string {
  const rows = (edges: Meaning['gained']) =>
    edges.flatMap(edge =>
      edge.clusters.map(({ cluster, layers }) => [
        md(names.entity(edge.caller)),
        edge.everythingOn
          ? `**everything** on ${code(edge.everythingOn)}`
          : operationsText(callsOf(edge, contract).map(operationText)),
        md(cluster),
        layersText(layers, edge.everythingOn !== undefined),
      ]),
    );
  const head = ['caller', 'operations', 'cluster', 'enforced'];
  return [
    section('What is opened', [
      gained.length > 0 ? table(head, rows(gained)) : 'Nothing is opened.',
    ]),
    ...(restored.length > 0
      ? [
          section('What is restored', [
            'Granted before, but not open by the manifests as they are.',
            '',
            table(head, rows(restored)),
          ]),
        ]
      : []),
    ...(lost.length > 0
      ? [section('What is taken away', [table(head, rows(lost))])]
      : []),
  ].join('\n\n');
}

const LAYERS = ['kernel', 'identity', 'method'] as const;
const MISSING = {
  kernel: 'Kernel does not enforce it',
  identity: 'Identity not enforced',
  method: 'Methods not enforced',
};

/** All is well, or what is not. Of a whole port there are no methods to enforce. */
function layersText(
  layers: Readonly<Record<(typeof LAYERS)[number], string>>,
  isPort: boolean,
): string {
  const relevant = isPort ? LAYERS.slice(0, 2) : LAYERS;
  const missing = relevant.filter(layer => layers[layer] !== 'enforced');
  if (missing.length === 0)
    return isPort ? 'Kernel and identity' : 'All 3 layers';
  if (missing.length === relevant.length) return 'No layer stops it';
  return layers.kernel === 'enforced' && missing.length === relevant.length - 1
    ? 'Kernel only'
    : missing.map(layer => MISSING[layer]).join(', ');
}

/** What nobody judges, once for each policy, so that whoever merges knows what is not proved. */
function others({ others: all }: Meaning, names: Namer): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, MOST_OTHERS);
  return section('Policies of others', [
    'They are there before and after this, and Callgate does not judge what they say. Everything else here is as if they changed nothing.',
    '',
    ...shown.map(
      policy => `- ${md(sayWords(policyOfOthersWords(policy), names), 600)}`,
    ),
    ...(all.length > shown.length
      ? [`- … and ${all.length - shown.length} more`]
      : []),
  ]);
}

/** Where the API becomes closed, and whom that cuts: one line for each cluster, however many layers close. */
function cuts(meaning: Meaning, names: Namer): string {
  const { api, flips, lost } = meaning;
  const closing = new Set(
    flips
      .filter(({ direction }) => direction === 'ingress')
      .map(({ cluster }) => cluster),
  );
  const incoming = whoIsCut(meaning)
    .filter(({ cluster }) => closing.has(cluster))
    .flatMap(({ cluster, callers }) => [
      `- ${md(names.entity(api))} becomes closed in ${md(
        cluster,
      )} with this: ${cutText(callers.length)}.`,
      ...callers.slice(0, MOST_CALLERS).map(caller => {
        const who =
          caller.class === 'addresses'
            ? 'addresses outside'
            : nameOfCut(caller, names);
        return `  - ${md(who)}, for example ${code(caller.example)}`;
      }),
      ...(callers.length > MOST_CALLERS
        ? [`  - … and ${callers.length - MOST_CALLERS} more`]
        : []),
    ]);
  const outgoing = flips
    .filter(({ direction }) => direction === 'egress')
    .map(({ workload, cluster, cut }) => {
      const who = [...new Set(cut.map(each => names.workload(each.workload)))];
      const more = who.length - MOST_CALLERS;
      const cannot =
        who.length > 0
          ? `; it can no longer call ${who
              .slice(0, MOST_CALLERS)
              .map(name => md(name))
              .join(', ')}${more > 0 ? ` and ${more} more` : ''}`
          : '';
      return `- What ${md(
        names.workload(workload),
      )} may call becomes closed in ${md(cluster)} with this${cannot}.`;
    });
  const lines = [...incoming, ...new Set(outgoing)];
  if (lines.length > 0) return section('Who loses access', lines);
  return lost.length > 0
    ? ''
    : section('Who loses access', ['Nobody loses access.']);
}

function nameOfCut(
  { entities, workloads }: ReturnType<typeof whoIsCut>[number]['callers'][0],
  names: Namer,
): string {
  return entities.length > 0
    ? entities.map(ref => names.entity(ref)).join(', ')
    : [...new Set(workloads.map(id => names.workload(id)))].join(', ');
}

function keeps({ keeps: kept = [] }: Meaning, names: Namer): string {
  if (kept.length === 0) return '';
  const sentences = keptPlumbingWords(kept).map(words =>
    sayWords(words, names),
  );
  return section(
    'What stays open for the platform',
    sentences.slice(0, MOST_PLUMBING).map(text => `- ${md(text)}.`),
  );
}

function cutText(count: number): string {
  if (count === 0) return 'nobody who can call it today is cut';
  return `**${count} ${count === 1 ? 'caller is' : 'callers are'} cut**`;
}

function operationsText(operations: readonly string[]): string {
  const more = operations.length - MOST_OPERATIONS;
  return [
    ...operations.slice(0, MOST_OPERATIONS).map(name => code(name)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join(', ');
}
