import {
  describePolicyOfOthers,
  whoIsCut,
  type Meaning,
} from '@callgate/policy';
import { spelledOut } from '../access/views/operations';
import type { AccessRow } from './accessTable';
import { code, md, section, table } from './markdown';

const LAYER_WORDS: Record<string, string> = {
  enforced: 'enforced',
  none: 'does not exist',
  open: 'open',
  'acknowledged-gap': 'not enforced (acknowledged)',
};
const MOST_OPERATIONS = 40;
const MOST_CALLERS = 30;
const MOST_OTHERS = 10;

/** What a proposal changes, as sections of Markdown; an empty one has nothing to say. */
export function describeChange(
  meaning: Meaning,
  rows: readonly AccessRow[],
  titleOf: (ref: string) => string,
): string[] {
  return [
    opens(meaning, titleOf),
    others(meaning),
    layers(meaning),
    access(rows),
    flips(meaning, titleOf),
  ];
}

function opens(
  { gained, lost, restored, plumbing }: Meaning,
  titleOf: (ref: string) => string,
): string {
  const rows = (edges: Meaning['gained']) =>
    edges.flatMap(edge =>
      edge.clusters.map(cluster => [
        md(titleOf(edge.caller)),
        edge.everythingOn
          ? `**everything** on ${code(edge.everythingOn)}`
          : operationsText(edge.calls?.map(spelledOut) ?? edge.operations),
        md(cluster.cluster),
        `${cluster.from.map(id => code(id)).join(', ')} → ${cluster.to
          .map(id => code(id))
          .join(', ')}`,
        code(`${cluster.protocol} ${cluster.ports.join(', ')}`),
        layerText(cluster.layers),
      ]),
    );
  const head = [
    'caller',
    'operations',
    'cluster',
    'workloads',
    'port',
    'layers',
  ];
  return [
    section('What is opened', [
      gained.length > 0 ? table(head, rows(gained)) : 'Nothing is opened.',
    ]),
    ...(restored.length > 0
      ? [
          section('What is restored', [
            'Granted before, and not open by the manifests that are there: removed from them by hand, or changed in what it means since they were written.',
            '',
            table(head, rows(restored)),
          ]),
        ]
      : []),
    ...(lost.length > 0
      ? [section('What is taken away', [table(head, rows(lost))])]
      : []),
    ...(plumbing.length > 0
      ? [
          section(
            'Plumbing that stays open',
            plumbing.slice(0, 40).map(text => `- ${md(text)}`),
          ),
        ]
      : []),
  ].join('\n\n');
}

/** What nobody judges, once for each policy, so that whoever merges knows what is not proved. */
function others({ others: all }: Meaning): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, MOST_OTHERS);
  return section('Policies of others', [
    'They are there before and after this, and Callgate does not judge what they say. Everything else here is as if they changed nothing.',
    '',
    ...shown.map(policy => `- ${md(describePolicyOfOthers(policy), 600)}`),
    ...(all.length > shown.length
      ? [`- … and ${all.length - shown.length} more`]
      : []),
  ]);
}

function layerText(
  states: Readonly<Record<'kernel' | 'identity' | 'method', string>>,
): string {
  return (['kernel', 'identity', 'method'] as const)
    .map(layer => `${layer}: ${LAYER_WORDS[states[layer]] ?? states[layer]}`)
    .join(', ');
}

function layers({ layersByCluster }: Meaning): string {
  if (layersByCluster.length === 0) return '';
  const word = (state: string) => LAYER_WORDS[state] ?? state;
  return section('Which layers enforce it', [
    table(
      ['cluster', 'kernel', 'identity', 'method', 'state', 'callers'],
      layersByCluster.map(({ cluster, layers: states, isolation, callers }) => [
        md(cluster),
        word(states.kernel),
        word(states.identity),
        word(states.method),
        isolation,
        String(callers),
      ]),
    ),
  ]);
}

function access(rows: readonly AccessRow[]): string {
  const cell = (text: string | undefined) =>
    text === undefined ? 'nothing' : code(text, 300);
  return section('Effective access before and after', [
    rows.length > 0
      ? table(
          ['cluster', 'from', 'to', 'before', 'after'],
          rows.map(row => [
            md(row.cluster),
            code(row.from),
            code(row.to),
            cell(row.before),
            cell(row.after),
          ]),
        )
      : 'By the manifests in Git, nobody’s access changes.',
  ]);
}

function flips(meaning: Meaning, titleOf: (ref: string) => string): string {
  if (meaning.flips.length === 0) return '';
  return section('Who loses access', [
    ...meaning.flips.flatMap(({ cluster, workload, layer, direction, cut }) => [
      `- ${code(workload)} in ${md(
        cluster,
      )} becomes closed at the ${layer} layer (${direction}).`,
      ...(direction === 'egress' && cut.length > 0
        ? [
            `  - It can no longer call ${cut
              .slice(0, MOST_CALLERS)
              .map(each => code(each.workload))
              .join(', ')}${
              cut.length > MOST_CALLERS
                ? ` and ${cut.length - MOST_CALLERS} more`
                : ''
            }.`,
          ]
        : []),
    ]),
    '',
    ...whoIsCut(meaning).flatMap(({ cluster, callers }) => [
      `In ${md(cluster)}: ${cutText(callers.length)}.`,
      ...callers.slice(0, MOST_CALLERS).map(caller => {
        const names = caller.entities.map(ref => md(titleOf(ref))).join(', ');
        const runs =
          caller.class === 'addresses'
            ? 'addresses outside'
            : caller.workloads.map(id => code(id)).join(', ');
        return `  - ${names ? `${names} ` : ''}${runs}, for example ${code(
          caller.example,
        )}`;
      }),
      ...(callers.length > MOST_CALLERS
        ? [`  - … and ${callers.length - MOST_CALLERS} more`]
        : []),
    ]),
  ]);
}

function cutText(count: number): string {
  if (count === 0) return 'no known caller is cut';
  return `**${count} ${count === 1 ? 'caller is' : 'callers are'} cut**`;
}

function operationsText(operations: readonly string[]): string {
  const more = operations.length - MOST_OPERATIONS;
  return [
    ...operations.slice(0, MOST_OPERATIONS).map(name => code(name)),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join(', ');
}
