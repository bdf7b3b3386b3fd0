import { FINDINGS, type Finding, type Meaning } from '@callgate/policy';
import { type AccessRow, accessTable } from './accessTable';
import { code, md, plain, table } from './markdown';
import type { BuiltProposal, CarriedRequest, Snapshot } from './types';

/** Forges accept about 65,000 characters; beyond that a pull request could not be opened at all. */
const BODY_LIMIT = 60_000;
const TITLE_LIMIT = 180;

const LAYER_WORDS: Record<string, string> = {
  enforced: 'enforced',
  none: 'does not exist',
  open: 'open',
  'acknowledged-gap': 'not enforced (acknowledged)',
};
const MARKS = { passed: '✅', warning: '⚠️', failed: '❌' } as const;
const SEVERITIES = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

/** Title and description of a proposal's pull request. The same proposal gives the same text. */
export function describeProposal(
  snapshot: Snapshot,
  built: BuiltProposal,
  titleOf: (ref: string) => string,
): { title: string; body: string } {
  const api = titleOf(built.api);
  const callers = [
    ...new Set(built.carried.map(({ caller }) => titleOf(caller))),
  ];
  const rows = built.after ? accessTable(snapshot, built.after) : [];
  const sections = [
    `Callgate opens this pull request for ${md(api)} (${code(
      built.api,
    )}), so that what its owners approved comes into force. ` +
      'Files in it are generated: change the request or the declaration, not the files.',
    opens(built.meaning, titleOf),
    layers(built.meaning),
    access(rows),
    flips(built.meaning, titleOf),
    requests(built.carried, titleOf),
    built.notes.length > 0
      ? section(
          'Less than was approved',
          built.notes.map(note => `- ${md(note)}`),
        )
      : '',
    checks(built),
    findings(built.meaning.findings),
    section('Digest', [
      `${code(
        built.meaning.digest,
      )} covers what this pull request opens, closes and leaves unenforced.`,
    ]),
  ];
  const subject = callers.length > 0 ? callers.join(', ') : 'no caller';
  return {
    title: plain(`Access to ${api}: ${subject}`, TITLE_LIMIT)
      .replace(/@/g, '@\u200b')
      .replace(/#/g, '#\u200b'),
    body: fit(sections.filter(text => text !== '')),
  };
}

function section(title: string, lines: readonly string[]): string {
  return `### ${title}\n\n${lines.join('\n')}`;
}

function opens(
  { gained, lost, plumbing }: Meaning,
  titleOf: (ref: string) => string,
): string {
  const rows = (edges: Meaning['gained']) =>
    edges.flatMap(edge =>
      edge.clusters.map(cluster => [
        md(titleOf(edge.caller)),
        edge.everythingOn
          ? `**everything** on ${code(edge.everythingOn)}`
          : edge.operations.map(operation => code(operation)).join(', '),
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

function layerText(
  states: Readonly<Record<'kernel' | 'identity' | 'method', string>>,
): string {
  return (['kernel', 'identity', 'method'] as const)
    .map(layer => `${layer}: ${LAYER_WORDS[states[layer]] ?? states[layer]}`)
    .join('<br>');
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

function flips(
  { flips: all }: Meaning,
  titleOf: (ref: string) => string,
): string {
  if (all.length === 0) return '';
  return section(
    'Who loses access',
    all.flatMap(({ cluster, workload, layer, direction, cut }) => [
      `- ${code(workload)} in ${md(
        cluster,
      )} becomes closed at the ${layer} layer (${direction}): ${cutText(
        cut.length,
      )}.`,
      ...cut.slice(0, 30).map(caller => {
        const names = caller.entities.map(ref => md(titleOf(ref))).join(', ');
        return `  - ${names ? `${names} ` : ''}${code(
          caller.workload,
        )}, for example ${code(caller.example)}`;
      }),
      ...(cut.length > 30 ? [`  - … and ${cut.length - 30} more`] : []),
    ]),
  );
}

function cutText(count: number): string {
  if (count === 0) return 'no known caller is cut';
  return `**${count} ${count === 1 ? 'caller is' : 'callers are'} cut**`;
}

function requests(
  carried: readonly CarriedRequest[],
  titleOf: (ref: string) => string,
): string {
  return section(
    'Who asked and who approved',
    carried.flatMap(
      ({ number, caller, requestedBy, reason, approvals, acknowledges }) => [
        `- **Request ${number}**, for ${md(titleOf(caller))}: asked by ${person(
          requestedBy,
          titleOf,
        )}${reason ? `, because: ${md(reason, 1000)}` : '.'}`,
        ...approvals.map(
          ({ by, at, note }) =>
            `  - approved by ${person(by, titleOf)} on ${plain(at).slice(
              0,
              10,
            )}${note ? `: ${md(note, 500)}` : ''}`,
        ),
        ...(acknowledges.length > 0
          ? [
              `  - accepted gaps: ${acknowledges
                .map(gap => code(gap))
                .join(', ')}`,
            ]
          : []),
      ],
    ),
  );
}

function person(ref: string, titleOf: (ref: string) => string): string {
  const title = titleOf(ref);
  return title === ref ? code(ref) : `${md(title)} (${code(ref)})`;
}

function checks({ checks: all }: BuiltProposal): string {
  if (all.length === 0) return '';
  return section(
    'Checked before this pull request was opened',
    all.map(
      ({ name, outcome, text }) =>
        `- ${MARKS[outcome]} **${md(name)}**: ${md(text, 1500)}`,
    ),
  );
}

function findings(all: readonly Finding[]): string {
  if (all.length === 0) return '';
  const order = ['error', 'warning', 'info'];
  const sorted = [...all].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  );
  return section('Findings', [
    ...sorted
      .slice(0, 40)
      .map(
        ({ severity, code: name, message, fix }) =>
          `- ${SEVERITIES[severity]} **${md(FINDINGS[name].title)}** (${code(
            name,
          )}): ${md(message, 600)}${fix ? ` ${md(fix, 400)}` : ''}`,
      ),
    ...(sorted.length > 40 ? [`- … and ${sorted.length - 40} more`] : []),
  ]);
}

/** Whole sections only: a table that is cut in the middle would say something else. */
function fit(sections: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const text of sections) {
    if (length + text.length > BODY_LIMIT) {
      const [heading] = text.split('\n', 1);
      kept.push(
        `${heading}\n\nToo long for a pull request; the proposal in the portal shows it.`,
      );
      length += heading.length + 80;
    } else {
      kept.push(text);
      length += text.length + 2;
    }
  }
  return `${kept.join('\n\n')}\n`;
}
