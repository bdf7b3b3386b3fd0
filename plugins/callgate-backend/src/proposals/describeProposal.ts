import { FINDINGS, type Finding, oncePerApi } from '@callgate/policy';
import { CALLGATE_ACTOR } from '../actor';
import { accessTable } from './accessTable';
import { describeChange } from './describeChange';
import { code, md, plain, section } from './markdown';
import type {
  BuiltProposal,
  CarriedRequest,
  Confirmation,
  Snapshot,
} from './types';

const CHANGES = {
  change: 'a grant is to be changed',
  renew: 'a grant is to be renewed',
  end: 'a grant is to end',
} as const;

/** Forges accept about 65,000 characters; beyond that a pull request could not be opened at all. */
const BODY_LIMIT = 60_000;
const TITLE_LIMIT = 180;

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
    )}), so that what was asked for and approved comes into force. ` +
      'Files in it are generated: change the request or the declaration, not the files.',
    ...describeChange(built.meaning, rows, titleOf),
    requests(built.carried, titleOf),
    built.notes.length > 0
      ? section(
          'Less than was approved',
          built.notes.map(note => `- ${md(note)}`),
        )
      : '',
    checks(built),
    findings(oncePerApi(built.meaning.findings)),
    section('Digest', [
      'Each covers what its request opens, closes and leaves unenforced; an approval binds to it.',
      '',
      ...built.carried.map(digestLine),
      ...(built.carried.length > 1
        ? [`- All of them together: ${code(built.meaning.digest)}`]
        : []),
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

function digestLine({
  number,
  approved,
}: Pick<CarriedRequest, 'number' | 'approved'>): string {
  return `- Request ${number}: ${code(approved.digest)}`;
}

/** Whether the description of a pull request is one with this request, as it was approved. */
export function namesRequest(
  body: string,
  request: Pick<CarriedRequest, 'number' | 'approved'>,
): boolean {
  return body.split(/\r?\n/).includes(digestLine(request));
}

/** A description of one commit says so: what is pushed after it is not what was described and proved. */
export function atHead(body: string, head: string): string {
  return `This describes commit ${code(
    head,
  )}. Where the branch has another head, somebody else has pushed onto it, and it is not what Callgate proved.\n\n${body}`;
}

function requests(
  carried: readonly CarriedRequest[],
  titleOf: (ref: string) => string,
): string {
  return section(
    'Who asked and who approved',
    carried.flatMap(
      ({
        number,
        caller,
        requestedBy,
        reason,
        approvals,
        acknowledges,
        confirm,
        change,
        until,
      }) => [
        `- **Request ${number}**, for ${md(titleOf(caller))}: ${
          confirm ? 'to be confirmed, ' : ''
        }${change ? `${CHANGES[change.kind]}, ` : ''}asked by ${person(
          requestedBy,
          titleOf,
        )}${reason ? `, because: ${md(reason, 1000)}` : '.'}`,
        ...(confirm ? confirmed(confirm, titleOf) : []),
        ...(change ? [`  - the grant ${code(change.grant)}`] : []),
        ...(until ? [`  - until ${code(until)}`] : []),
        ...(approvals.length === 0 && change
          ? ['  - nobody has to approve it: it only takes away']
          : []),
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

/** What was approved before, and what is new. */
function confirmed(
  confirm: Confirmation,
  titleOf: (ref: string) => string,
): string[] {
  if ('provider' in confirm)
    return [`  - ${md(titleOf(confirm.provider))} provides the API`];
  const { grant, approved, ends } = confirm;
  const before = [...(approved?.caller ?? []), ...(approved?.provider ?? [])];
  return [
    `  - the grant ${code(grant)} was approved for ${
      before.map(text => code(text)).join(', ') || 'nothing'
    }`,
    ...ends.map(
      ({ side, entity, cluster, end }) =>
        `  - new: ${md(titleOf(entity))} ${
          side === 'caller' ? 'stands for' : 'is served by'
        } ${code(end)} in ${code(cluster)}`,
    ),
  ];
}

function person(ref: string, titleOf: (ref: string) => string): string {
  if (ref === CALLGATE_ACTOR) return 'Callgate';
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
          )}): ${md(message.replace(/\.$/, ''), 600)}.${
            fix ? ` ${md(fix, 400)}` : ''
          }`,
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
