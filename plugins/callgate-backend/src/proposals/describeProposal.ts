import {
  type Contract,
  contractOf,
  FINDINGS,
  type Finding,
  parseRuleRef,
  findingTexts,
  gapTitle,
  oncePerApi,
} from '@callgate/policy';
import { AccessFacts } from '../access/views/AccessFacts';
import {
  changedOperations,
  changedText,
  untilText,
} from '../access/views/changes';
import { Names } from '../access/views/Names';
import { sayMoment } from '../access/views/sayDay';
import { textOfCheck } from '../access/views/proposals';
import { ruleAt } from '../approval/ruleAt';
import { programName } from '../actor';
import { accessTable } from './accessTable';
import { describeChange } from './describeChange';
import { describeDetails } from './describeDetails';
import { code, md, plain, section } from './markdown';
import { fit, MARKS, SEVERITIES, titleText } from './pullRequestText';
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

/** Title and description of a proposal's pull request. The same proposal gives the same text. */
export function describeProposal(
  snapshot: Snapshot,
  built: BuiltProposal,
): { title: string; body: string } {
  const facts = AccessFacts.of(snapshot);
  const names = Names.ofAll(facts);
  const api = names.entity(built.api);
  const rows = built.after ? accessTable(snapshot, built.after) : [];
  const contract = contractOf(facts.entity(built.api), built.api);
  const callers = [
    ...new Set(
      built.carried.map(
        request =>
          names.entity(request.caller) +
          becomes(request, built.meaning, contract),
      ),
    ),
  ];
  const told = oncePerApi(built.meaning.findings);
  const sections = [
    `Callgate opens this pull request for ${md(
      api,
    )}, so that what was asked for${
      built.carried.some(({ breakGlass }) => breakGlass) ? '' : ' and approved'
    } comes into force. ` +
      'Files in it are generated: change the request or the declaration, not the files.',
    glassNote(built.carried),
    ...describeChange(built.meaning, contract, names),
    requests(built.carried, names),
    built.notes.length > 0
      ? section(
          'Less than was approved',
          built.notes.map(note => `- ${md(note)}`),
        )
      : '',
    checks(built, names),
    findings(told, names),
    describeDetails(built, rows, told),
  ];
  const subject = callers.length > 0 ? callers.join(', ') : 'no caller';
  return {
    title: titleText(
      `${
        built.carried.some(({ breakGlass }) => breakGlass)
          ? 'Break-glass: access'
          : 'Access'
      } to ${api}: ${subject}`,
    ),
    body: fit(sections.filter(text => text !== '')),
  };
}

/** What becomes of a grant that is there, behind the name of its caller; nothing of a new one. */
function becomes(
  { change, until, in: where }: CarriedRequest,
  meaning: BuiltProposal['meaning'],
  contract: Contract,
): string {
  if (!change) return '';
  if (change.kind === 'end') return ' (end)';
  const { grant } = change;
  const parts = [
    changedText(changedOperations(meaning, { grant, in: where }, contract)),
    untilText(until).trim(),
  ].filter(Boolean);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
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

/** Before everything else: what nobody has approved. */
function glassNote(carried: readonly CarriedRequest[]): string {
  const numbers = carried
    .filter(({ breakGlass }) => breakGlass)
    .map(({ number }) => number);
  return numbers.length > 0
    ? `⚠️ **Nobody has approved request ${numbers.join(
        ', ',
      )}: it could not wait** (break-glass). Whoever merges this is the first to look at it beside who asked; the owners decide afterwards.`
    : '';
}

function requests(carried: readonly CarriedRequest[], names: Names): string {
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
        breakGlass,
      }) => [
        `- **Request ${number}**, for ${md(names.entity(caller))}: ${
          confirm ? 'to be confirmed, ' : ''
        }${change ? `${CHANGES[change.kind]}, ` : ''}asked by ${person(
          requestedBy,
          names,
        )}${reason ? `, because: ${md(reason, 1000)}` : '.'}`,
        ...(confirm ? confirmed(confirm, names) : []),
        ...(until ? [`  - until ${plain(until)}`] : []),
        ...(breakGlass
          ? [
              `  - **nobody has approved it: it could not wait** (break-glass). It ends on ${sayMoment(
                breakGlass.expiresAt,
              )}, and its owners decide afterwards`,
            ]
          : []),
        ...(approvals.length === 0 && change
          ? ['  - nobody has to approve it: it opens nothing']
          : []),
        ...approvals.map(
          ({ by, at, note }) =>
            `  - approved by ${person(by, names)} on ${plain(at).slice(0, 10)}${
              note ? `: ${md(note, 500)}` : ''
            }`,
        ),
        ...(acknowledges.length > 0
          ? [
              `  - accepted gaps: ${acknowledges
                .map(gap => md(gapTitle(gap)))
                .join(', ')}`,
            ]
          : []),
      ],
    ),
  );
}

/** What is new. What was approved before is in the details: it is known by service accounts and labels. */
function confirmed(confirm: Confirmation, names: Names): string[] {
  if ('provider' in confirm)
    return [`  - ${md(names.entity(confirm.provider))} provides the API`];
  const lines = confirm.ends.map(
    ({ side, entity, cluster, end }) =>
      `  - new: ${md(names.entity(entity))} ${
        side === 'caller' ? 'stands for' : 'is served by'
      } ${md(names.runs(end))} in ${md(cluster)}`,
  );
  return [...new Set(lines)];
}

function person(ref: string, names: Names): string {
  const rule = parseRuleRef(ref);
  if (rule) return `the rule ${md(ruleAt(rule))}`;
  return md(programName(ref) ?? names.entity(ref));
}

function checks({ checks: all }: BuiltProposal, names: Names): string {
  if (all.length === 0) return '';
  return section(
    'Checked before this pull request was opened',
    all.map(
      ({ name, outcome, text, words }) =>
        `- ${MARKS[outcome]} **${md(name)}**: ${md(
          textOfCheck({ text, words }, names),
          1500,
        )}`,
    ),
  );
}

function findings(all: readonly Finding[], names: Names): string {
  if (all.length === 0) return '';
  const order = ['error', 'warning', 'info'];
  const lines = [...all]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map(found => {
      const { message, fix } = findingTexts(found, names);
      return `- ${SEVERITIES[found.severity]} **${md(
        FINDINGS[found.code].title,
      )}**: ${md(message.replace(/\.$/, ''), 600)}.${
        fix ? ` ${md(fix, 400)}` : ''
      }`;
    });
  const distinct = [...new Set(lines)];
  return section('Findings', [
    ...distinct.slice(0, 40),
    ...(distinct.length > 40 ? [`- … and ${distinct.length - 40} more`] : []),
  ]);
}
