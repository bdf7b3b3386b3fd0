import {
  describeApiAccess,
  describeRequests,
  type AccessOperation,
  type AccessPlace,
  type AccessRow,
  type ApiAccessAnswer,
  type CallerAccessAnswer,
  type DecidingObject,
  type GrantAccess,
} from '@callgate/policy';
import type { TextTable } from './renderTable';

const STANDINGS: Record<GrantAccess['standing'], string> = {
  effective: '',
  refused: 'refused',
  conditional: 'only under conditions',
  held: 'held: it has an error, and what it opened before stays',
  unsupported: 'cannot be enforced',
  unconfirmed: 'not approved for what it stands for now',
  unheld: 'nothing holds it: the caller may call everything outside',
  error: 'opens nothing: it has an error',
};

const HEADER = ['granted', 'can', 'layers', 'because'];

/** Who can call an API, and how each cluster stands. */
export function apiTables(answer: ApiAccessAnswer): TextTable[] {
  return [
    {
      title: `${answer.api}: ${describeApiAccess(answer)}`,
      header: ['caller', ...HEADER],
      rows: answer.rows.map(row => [callerText(row), ...cellsOf(row)]),
      whenEmpty: 'No caller is known, and nobody was granted it.',
    },
    {
      title: 'Clusters',
      header: [
        'cluster',
        'state',
        'callers',
        'without a grant',
        'more than granted',
        'under conditions',
      ],
      rows: answer.clusters.map(({ cluster, state, counts }) => [
        cluster,
        state,
        `${counts.callers}`,
        `${counts.withoutGrant}`,
        `${counts.moreThanGranted}`,
        `${counts.conditional}`,
      ]),
      whenEmpty: 'No cluster that was read has it.',
    },
  ];
}

/** What an entity may call. */
export function callerTables(answer: CallerAccessAnswer): TextTable[] {
  const { caller, rows, openToEveryone } = answer;
  return [
    {
      title: `What ${caller} may call`,
      header: ['api', ...HEADER],
      rows: rows.map(row => [row.api, ...cellsOf(row)]),
      whenEmpty: 'It was granted nothing and can call nothing that is closed.',
    },
    ...(openToEveryone.length > 0
      ? [
          {
            title: 'Open to everyone, so to it as well',
            header: ['api'],
            rows: openToEveryone.map(({ api }) => [api]),
            whenEmpty: '',
          },
        ]
      : []),
  ];
}

/** Blocks of addresses that a person reads; more are counted. */
const SHOWN_BLOCKS = 3;

function callerText({ caller }: AccessRow): string {
  const { cidrs: blocks = [] } = caller;
  return blocks.length > SHOWN_BLOCKS
    ? `addresses outside (${blocks.slice(0, SHOWN_BLOCKS).join(', ')} and ${
        blocks.length - SHOWN_BLOCKS
      } more blocks)`
    : caller.ref;
}

function cellsOf(row: AccessRow): string[] {
  return [
    row.grants.map(grantText).join('; ') || 'nothing',
    unique(row.places.map(canText)).join('; ') || 'nothing',
    unique(
      row.places.map(
        ({ layers: { kernel, identity, method } }) =>
          `kernel ${kernel}, identity ${identity}, method ${method}`,
      ),
    ).join('; '),
    unique(row.places.map(because)).join('; '),
  ];
}

function grantText({ operations, standing }: GrantAccess): string {
  const what = operations.map(operationText).join(', ');
  return STANDINGS[standing] ? `${what} (${STANDINGS[standing]})` : what;
}

function operationText({ kind, id, ...operation }: AccessOperation): string {
  if (kind === 'port' && operation.port !== undefined)
    return `${operation.protocol} ${operation.port}`;
  if (kind === 'grpc') return `${operation.service}/${operation.rpc}`;
  return operation.path === undefined
    ? id ?? 'everything'
    : `${operation.method} ${operation.path}`;
}

function canText({ cluster, requests, certainty }: AccessPlace): string {
  if (requests.isEmpty) return '';
  const may = { sure: '', conditional: 'perhaps ', unknown: 'not known: ' };
  return `${cluster}: ${may[certainty]}${describeRequests(requests)}`;
}

function because(place: AccessPlace): string {
  const { beyond, openedBy, grants, conditions } = place;
  const depends = unique(
    conditions.map(({ object, text }) => object ?? text),
  ).join(', ');
  const parts = [
    !beyond.isEmpty &&
      `${grants.length > 0 ? 'beyond its grant' : 'no grant'}: ${
        unique(openedBy.map(objectText)).join(', ') || 'nothing restricts it'
      }`,
    place.kept && 'kept for a grant with an error',
    depends && `depends on ${depends}`,
  ];
  return parts.filter(Boolean).join('; ');
}

function objectText({ kind, namespace, name }: DecidingObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(text => text !== '');
}
