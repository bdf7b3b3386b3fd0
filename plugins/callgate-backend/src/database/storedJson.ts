import { type Meaning, parseEntityRefText } from '@callgate/policy';
import { branchOf } from '../proposals/branchOf';
import { isProblem, type ProposalProblem } from '../proposals/problems';
import type { ProposalRecord, ProposalState } from '../proposals/types';
import type { StoredRequest } from './AccessStore';
import type { ProposalRow, RequestRow } from './rows';

type Fields = Record<string, unknown>;

/** What a column holds, or `undefined` where that is damaged: one row must not stop the reading of others. */
export function readJson<T>(
  text: string,
  fits: (value: Fields) => boolean,
): T | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null;
    return isObject && fits(value as Fields) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

export function isDraft({ operations, in: scope, ...rest }: Fields): boolean {
  return (
    [operations, scope, rest.acknowledges].every(Array.isArray) &&
    typeof rest.reason === 'string' &&
    (rest.confirm === undefined || isConfirmation(rest.confirm)) &&
    (rest.change === undefined || isChange(rest.change)) &&
    (rest.until === undefined || typeof rest.until === 'string')
  );
}

function isChange(value: unknown): boolean {
  const { kind, grant, side, request, whenLast, expired, ...rest } = (value ??
    {}) as Fields;
  return (
    isOneOf(kind, ['change', 'renew', 'end']) &&
    typeof grant === 'string' &&
    isOneOf(side, ['caller', 'api', 'security']) &&
    [request, expired, rest.gone, rest.proposeOn].every(
      text => text === undefined || typeof text === 'string',
    ) &&
    [rest.urgent, rest.held].every(
      flag => flag === undefined || flag === true,
    ) &&
    (whenLast === undefined || isOneOf(whenLast, ['keep-closed', 'open'])) &&
    (rest.glass === undefined ||
      (typeof (rest.glass as Fields)?.request === 'string' &&
        isOneOf((rest.glass as Fields)?.why, ['over', 'rejected'])))
  );
}

function isOneOf(value: unknown, known: readonly string[]): boolean {
  return typeof value === 'string' && known.includes(value);
}

function isConfirmation(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { grant, ends, approved, provider } = value as Fields;
  if (typeof provider === 'string') return grant === undefined;
  return (
    typeof grant === 'string' &&
    Array.isArray(ends) &&
    ends.every(end =>
      [end?.side, end?.entity, end?.cluster, end?.end].every(
        text => typeof text === 'string',
      ),
    ) &&
    (approved === undefined || isEnds(approved))
  );
}

function isEnds(value: unknown): boolean {
  const { caller, provider } = (value ?? {}) as Fields;
  return [caller, provider].every(Array.isArray);
}

export function isMeaning({ digest, content, ...rest }: Fields): boolean {
  const { gained, lost, flips, plumbing, findings, layersByCluster } = rest;
  return (
    typeof digest === 'string' &&
    typeof content === 'object' &&
    content !== null &&
    [gained, lost, flips, plumbing, findings, layersByCluster].every(
      Array.isArray,
    )
  );
}

/** At least one: of a request that nobody has to approve there is an empty list, which is asked for apart. */
export function isNeeds(value: Fields): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      each =>
        typeof each?.kind === 'string' &&
        Number.isInteger(each.count) &&
        Array.isArray(each.because),
    )
  );
}

export function isFacts({
  code,
  differences,
  rules,
  ...rest
}: Fields): boolean {
  switch (code) {
    case 'meaning-changed':
      return Array.isArray(differences);
    case 'more-approvals-needed':
      return Array.isArray(rules);
    case 'revised':
      return isRevisedFrom(rest.before);
    case 'break-glass':
      return Number.isInteger(rest.expiresAt);
    case 'approved-by-rule':
      return [rest.rule, rest.version].every(each => typeof each === 'string');
    default:
      return (
        code === 'nothing-to-confirm' ||
        code === 'grant-gone' ||
        code === 'not-over' ||
        code === 'preparable-again' ||
        code === 'caller-back' ||
        code === 'caller-renamed' ||
        code === 'no-approval-needed' ||
        code === 'confirmed-afterwards' ||
        code === 'time-over' ||
        code === 'merged-after-end' ||
        code === 'glass-means-more' ||
        code === 'withdrawn-too-late' ||
        code === 'merged-all-the-same'
      );
  }
}

function isRevisedFrom(value: unknown): boolean {
  const { digest, reason, operations, ...rest } = (value ?? {}) as Fields;
  return (
    [digest, reason].every(text => typeof text === 'string') &&
    [operations, rest.in, rest.acknowledges].every(Array.isArray)
  );
}

export function isProposal(value: Fields): boolean {
  const { id, api, branch, forge, title, body } = value;
  return (
    [id, api, branch, forge, title, body].every(
      text => typeof text === 'string',
    ) && [value.files, value.checks, value.requestIds].every(Array.isArray)
  );
}

/** It was a sentence once, with the names in it; of one that a newer version stored, only that it is there is known. */
export function storedProblem(value: unknown): ProposalProblem | undefined {
  if (value === undefined || isProblem(value)) return value;
  return {
    code: 'unexpected',
    text:
      typeof value === 'string' ? value : 'The log of the backend says why.',
  };
}

/** What a damaged request asks for: it stands in lists, and nobody can approve or carry it. */
export const NOTHING_ASKED: StoredRequest['draft'] = {
  operations: [],
  in: [],
  reason: '',
  acknowledges: [],
};

/** What can be said of the meaning of a damaged request. */
export function nothingShown({ digest, api_ref: api }: RequestRow): Meaning {
  return {
    api,
    gained: [],
    lost: [],
    restored: [],
    unchangedCount: 0,
    layersByCluster: [],
    flips: [],
    others: [],
    plumbing: [],
    findings: [],
    text: '',
    digest,
    content: {
      schemaVersion: 1,
      api,
      scope: [],
      edges: [],
      removed: [],
      gaps: [],
      plumbing: [],
      flips: [],
      profiles: [],
    },
  };
}

/** What the other columns of a damaged proposal say of it. */
export function lostProposal(row: ProposalRow): ProposalRecord {
  const { id, api_ref: api, state, version } = row;
  return {
    id,
    api,
    branch: branchOf(api),
    forge: '',
    state: state as ProposalState,
    title: `Access to ${parseEntityRefText(api)?.name ?? api}`,
    body: '',
    files: [],
    checks: [],
    requestIds: [],
    problem: {
      code: 'record-damaged',
      text: 'What was stored of this pull request cannot be read: its row in the database is damaged.',
      tellable: true,
    },
    createdAt: new Date(Number(row.created_at)).toISOString(),
    updatedAt: new Date(Number(row.updated_at)).toISOString(),
    version,
    damaged: true,
  };
}
