import type {
  AccessRequestDraft,
  AccessRow,
  Edge,
  EntityLabel,
  FileChange,
  Finding,
  Meaning,
  Operation,
  OperationInput,
  Preview,
} from '@callgate/plugin-callgate-common';
import {
  CALLERS,
  clustersOf,
  label,
  OPERATIONS,
  ORDERS,
  ORDERS_TEAM,
} from './shop';

/** What a draft would open, in the words of the backend; nothing is compiled here. */
export function previewOf(
  draft: AccessRequestDraft,
  today: readonly AccessRow[],
): Preview {
  const caller = callerOf(draft.caller);
  const operations = draft.operations.flatMap(operationsOf);
  const clusters = draft.in ?? [];
  const edge: Edge = {
    caller,
    api: ORDERS,
    operations,
    clusters: clustersOf(caller, clusters),
  };
  const heads = operations.some(({ method }) => method === 'HEAD');
  const reads = operations.some(({ method }) => method === 'GET');
  const findings: Finding[] =
    reads && !heads
      ? [
          {
            code: 'head-not-included',
            severity: 'warning',
            title: 'HEAD is not part of GET',
            message: 'Clients that check before they read will be refused.',
            objects: [],
          },
        ]
      : [];
  const meaning: Meaning = {
    gained: [edge],
    lost: [],
    restored: [],
    unchanged: today.length,
    flips: [],
    others: [],
    plumbing: [],
    layersByCluster: [],
    findings: [],
    text: `1 caller, ${
      operations.some(({ writes }) => writes) ? 'writes' : 'read only'
    }`,
  };
  return {
    digest: `${draft.caller} ${operations
      .map(textOf)
      .join(' ')} ${clusters.join(' ')}`,
    meaning,
    files: [declaration(caller, operations)],
    findings,
    deciders: {
      labels: [ORDERS_TEAM],
      people: 2,
      fallback: false,
      text: 'Orders team, any of 2 people',
    },
    needs: [
      {
        kind: 'api-owner',
        of: [ORDERS_TEAM],
        count: 1,
        because: [],
        fallback: false,
        approvals: [],
        open: 1,
        people: 2,
        names: [],
        text: 'Waits for 1 of Orders team (2 can decide)',
      },
    ],
    send: { allowed: true },
    acknowledgeable: [],
  };
}

/** The label of a caller of the shop. */
export function callerOf(ref: string): EntityLabel {
  return Object.values(CALLERS).find(each => each.ref === ref) ?? label(ref);
}

/** `GET /orders`. */
export function textOf({ method, path, protocol, port }: Operation): string {
  return method ? `${method} ${path}` : `${protocol} ${port}`;
}

function operationsOf(input: OperationInput): Operation[] {
  if (input.id) {
    return OPERATIONS.filter(({ id }) => id === input.id);
  }
  if (input.http) {
    const { methods, paths } = input.http;
    return methods.flatMap(method =>
      paths.map(path => ({
        kind: 'http' as const,
        method,
        path,
        writes: !['GET', 'HEAD'].includes(method),
      })),
    );
  }
  const port = input.tcp ?? input.udp ?? input.sctp;
  return port
    ? [
        {
          kind: 'port',
          port: port.port,
          protocol: (input.udp && 'UDP') || (input.sctp && 'SCTP') || 'TCP',
          writes: true,
        },
      ]
    : [];
}

function declaration(
  caller: EntityLabel,
  operations: readonly Operation[],
): FileChange {
  const before =
    'kind: AccessPolicy\nmetadata:\n  name: orders\nspec:\n  grants:\n    - id: cart-createOrder\n';
  const added = `    - id: ${caller.name}\n      caller: ${
    caller.ref
  }\n      operations:\n${operations
    .map(
      operation =>
        `        - ${
          operation.id ? `id: ${operation.id}` : `http: ${textOf(operation)}`
        }\n`,
    )
    .join('')}`;
  return {
    path: 'policies/default/orders.yaml',
    status: 'changed',
    before,
    after: before + added,
    additions: added.split('\n').length - 1,
    deletions: 0,
    kind: 'declaration',
  };
}
