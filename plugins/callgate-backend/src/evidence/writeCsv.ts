import { stringify } from 'csv-stringify';
import { pipeline, Readable } from 'node:stream';
import type {
  DecidedEvidence,
  DecisionEvidence,
  Evidence,
  EvidenceEnd,
  GrantEvidence,
  RequestEvidence,
} from './types';

/** Columns of both kinds: what the one has not stays empty. */
const COLUMNS = [
  'record',
  'api',
  'caller',
  'grant',
  'operations',
  'clusters',
  'until',
  'acknowledges',
  'declared reason',
  'declared by',
  'declared approvers',
  'decision',
  'decided by',
  'decided as',
  'decided at',
  'decided digest',
  'counts',
  'note',
  'request',
  'request id',
  'kind',
  'state',
  'requested by',
  'requested at',
  'reason',
  'texts blanked at',
  'meaning',
  'digest',
  'pull request',
  'commit',
  'merged by',
  'merged at',
  'break-glass until',
  'decided afterwards',
] as const;

type Record_ = Partial<{ [column in (typeof COLUMNS)[number]]: string }>;

/**
 * Evidence as CSV by RFC 4180, for spreadsheets: a row for each grant or decision, and one at the end that says how many there
 * are and how many were left out, so that a file that broke off is known. UTF-8 with a byte order mark, without which Excel reads
 * it as something else.
 */
export function writeCsv(evidence: Evidence): Readable {
  const csv = stringify({
    bom: true,
    header: true,
    columns: [...COLUMNS],
    record_delimiter: 'windows',
    quoted: true,
    escape_formulas: true,
  });
  // What fails on the way ends the stream with that error.
  return pipeline(Readable.from(records(evidence)), csv, () => undefined);
}

async function* records({ rows, end }: Evidence): AsyncGenerator<Record_> {
  for await (const row of rows) {
    yield inert('decision' in row ? decisionRecord(row) : grantRecord(row));
  }
  yield endRecord(end());
}

function grantRecord(row: GrantEvidence): Record_ {
  const { decisions, request, requestId } = row;
  return {
    record: 'grant',
    ...aboutOf(row),
    grant: row.grant,
    acknowledges: list(row.acknowledges),
    'declared reason': row.reason,
    'declared by': row.requestedBy,
    'declared approvers': list(row.approvedBy),
    decision: list(decisions.map(({ event }) => event)),
    'decided by': list(decisions.map(({ by }) => by ?? 'Callgate')),
    'decided as': list(decisions.map(roleText)),
    'decided at': list(decisions.map(({ at }) => at)),
    'decided digest': list(decisions.map(({ digest }) => digest ?? '')),
    note: list(decisions.flatMap(({ note }) => note ?? [])),
    'request id': requestId,
    ...(request && requestOf(request)),
  };
}

function decisionRecord(row: DecidedEvidence): Record_ {
  const { decision, request } = row;
  return {
    record: 'decision',
    ...aboutOf(row),
    grant: row.grant,
    decision: decision.event,
    'decided by': decision.by ?? 'Callgate',
    'decided as': roleText(decision),
    'decided at': decision.at,
    'decided digest': decision.digest,
    counts: decision.counts ? 'yes' : 'no',
    note: decision.note,
    ...(request && requestOf(request)),
  };
}

function endRecord({ rows, leftOut, unreadable }: EvidenceEnd): Record_ {
  return {
    record: 'end',
    note: [
      `Rows: ${rows}.`,
      `Left out, because the catalog does not show them to you: ${leftOut}.`,
      ...(unreadable > 0
        ? [`Declarations that could not be read: ${unreadable}.`]
        : []),
    ].join(' '),
  };
}

function aboutOf(row: GrantEvidence | DecidedEvidence): Record_ {
  const { api, caller, operations, clusters, until } = row;
  return {
    ...{ api, caller, until },
    operations: list(operations),
    clusters: list(clusters),
  };
}

function requestOf(request: RequestEvidence): Record_ {
  const { pullRequest } = request;
  const number = pullRequest?.number;
  return {
    request: String(request.number),
    'request id': request.id,
    kind: request.kind,
    state: request.state,
    'requested by': request.requestedBy,
    'requested at': request.requestedAt,
    reason: request.reason,
    'texts blanked at': request.blankedAt,
    meaning: request.meaning,
    digest: request.digest,
    'pull request':
      pullRequest?.url ?? (number === undefined ? undefined : String(number)),
    commit: request.commit,
    'merged by': request.mergedBy,
    'merged at': request.mergedAt,
    'break-glass until': request.breakGlass?.expiresAt,
    'decided afterwards': request.breakGlass?.afterwards,
  };
}

function roleText({ role, of }: DecisionEvidence): string {
  return [role, of].filter(Boolean).join(' ');
}

function list(texts: readonly string[]): string {
  return texts.join('; ');
}

/**
 * A cell that begins like a formula gets an apostrophe from the library. A spreadsheet that takes semicolons or tabs for
 * separators would begin a cell there too, within the quotes of ours.
 */
function inert(record: Record_): Record_ {
  return Object.fromEntries(
    Object.entries(record).map(([column, text]) => [
      column,
      text?.replace(
        /([;\t\r\n][\s"]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g,
        "$1'",
      ),
    ]),
  );
}
