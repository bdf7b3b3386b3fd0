import { type Finding, type Meaning } from '@callgate/policy';
import type { AccessRow } from './accessTable';
import { code, md, section, table } from './markdown';
import type { BuiltProposal } from './types';

const MOST_FINDINGS = 40;
const MOST_PLUMBING = 40;

/** What nobody needs to decide and somebody may look for: workloads, ports, objects, codes, digests. */
export function describeDetails(
  { meaning, carried, api }: BuiltProposal,
  rows: readonly AccessRow[],
  findings: readonly Finding[],
): string {
  const people = carried.flatMap(({ caller, requestedBy, approvals }) => [
    caller,
    requestedBy,
    ...approvals.map(({ by }) => by),
  ]);
  const parts = [
    named('Who and what is meant', [
      [api, ...new Set(people)].map(ref => code(ref)).join(', '),
    ]),
    workloads(meaning),
    access(rows),
    named(
      'Openings for the platform',
      meaning.plumbing.slice(0, MOST_PLUMBING).map(text => `- ${code(text)}`),
    ),
    named(
      'What the findings are about',
      findings.slice(0, MOST_FINDINGS).map(
        ({ code: name, objects }) =>
          `- ${code(name)}: ${objects
            .map(each => code(each))
            .slice(0, 10)
            .join(', ')}`,
      ),
    ),
    named(
      'Grants that are confirmed',
      carried.flatMap(({ confirm }) =>
        confirm && 'grant' in confirm
          ? [
              `- ${code(confirm.grant)}: approved for ${
                [
                  ...(confirm.approved?.caller ?? []),
                  ...(confirm.approved?.provider ?? []),
                ]
                  .map(text => code(text))
                  .join(', ') || 'nothing'
              }; new: ${confirm.ends
                .map(({ end, cluster }) => `${code(end)} in ${md(cluster)}`)
                .join(', ')}`,
            ]
          : [],
      ),
    ),
    named('Digests', [
      'Each covers what its request opens, closes and leaves unenforced; an approval binds to it.',
      '',
      ...carried.map(
        ({ number, approved }) =>
          `- Request ${number}: ${code(approved.digest)}`,
      ),
      ...(carried.length > 1
        ? [`- All of them together: ${code(meaning.digest)}`]
        : []),
    ]),
  ];
  return section('Details', [parts.filter(text => text !== '').join('\n\n')]);
}

function named(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `#### ${title}\n\n${lines.join('\n')}` : '';
}

function workloads({ gained, restored, lost }: Meaning): string {
  const rows = [...gained, ...restored, ...lost].flatMap(edge =>
    edge.clusters.map(({ cluster, from, to, protocol, ports, layers }) => [
      md(cluster),
      from.map(id => code(id)).join(', '),
      to.map(id => code(id)).join(', '),
      code(`${protocol} ${ports.join(', ')}`),
      md(layers.kernel),
      md(layers.identity),
      md(layers.method),
    ]),
  );
  return rows.length === 0
    ? ''
    : named('Workloads', [
        table(
          ['cluster', 'from', 'to', 'port', 'kernel', 'identity', 'method'],
          rows,
        ),
      ]);
}

function access(rows: readonly AccessRow[]): string {
  const cell = (text: string | undefined) =>
    text === undefined ? 'nothing' : code(text, 300);
  return named('Effective access before and after', [
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
