import type {
  AccessRequestDraft,
  OperationInput,
} from '@callgate/plugin-callgate-common';

/** A request that somebody has begun to write, by whatever way: a link, a row, an explained call. */
export type DraftStart = Partial<AccessRequestDraft>;

/** Whether somebody asks for access, or an owner gives it unasked. */
export type DraftMode = 'request' | 'grant';

const PORT = /^(TCP|UDP|SCTP) (\d{1,5})$/;
const GRPC = /^gRPC ([^\s/]+)\/(\S+)$/;
const HTTP = /^([A-Z]+) (\/\S*)$/;

/**
 * A draft as parameters of a URL that people can read: `?ask=request&caller=…&op=listOrders&op=GET /orders/{id}`. Its API is
 * one of them where it has one, for pages that are not about one API.
 */
export function draftToSearch(
  mode: DraftMode,
  draft: DraftStart,
): URLSearchParams {
  const search = new URLSearchParams({ ask: mode });
  if (draft.api) {
    search.set('api', draft.api);
  }
  if (draft.caller) {
    search.set('caller', draft.caller);
  }
  for (const operation of (draft.operations ?? []).flatMap(operationTexts)) {
    search.append('op', operation);
  }
  for (const cluster of draft.in ?? []) {
    search.append('in', cluster);
  }
  if (draft.reason) {
    search.set('reason', draft.reason);
  }
  return search;
}

/** The draft in a URL, or `undefined` when it asks for nothing. What cannot be read is left out: nothing is sent by it. */
export function draftFromSearch(
  search: URLSearchParams,
): { mode: DraftMode; draft: DraftStart } | undefined {
  const mode = search.get('ask');
  if (mode !== 'request' && mode !== 'grant') {
    return undefined;
  }
  const api = search.get('api') ?? undefined;
  const caller = search.get('caller') ?? undefined;
  const clusters = search.getAll('in').filter(Boolean);
  const reason = search.get('reason') ?? undefined;
  return {
    mode,
    draft: {
      ...(api && { api }),
      ...(caller && { caller }),
      operations: search.getAll('op').filter(Boolean).map(operationOf),
      ...(clusters.length > 0 && { in: clusters }),
      ...(reason && { reason }),
    },
  };
}

/** Takes a draft, or what is asked of a grant, out of a URL and leaves the rest. */
export function withoutDraft(search: URLSearchParams): URLSearchParams {
  const rest = new URLSearchParams(search);
  for (const name of ['ask', 'api', 'grant', 'caller', 'op', 'in', 'reason']) {
    rest.delete(name);
  }
  return rest;
}

/** An operation in a URL; several where it names several methods or paths. */
export function operationTexts(input: OperationInput): string[] {
  if (input.http) {
    const { methods, paths } = input.http;
    return methods.flatMap(method => paths.map(path => `${method} ${path}`));
  }
  if (input.grpc) {
    const { service, methods } = input.grpc;
    return (methods ?? []).map(method => `gRPC ${service}/${method}`);
  }
  if (input.tcp) {
    return [`TCP ${input.tcp.port}`];
  }
  if (input.udp) {
    return [`UDP ${input.udp.port}`];
  }
  if (input.sctp) {
    return [`SCTP ${input.sctp.port}`];
  }
  return input.id ? [input.id] : [];
}

/** What {@link operationTexts} wrote. */
export function operationOf(text: string): OperationInput {
  const port = PORT.exec(text);
  if (port) {
    return { [port[1].toLowerCase()]: { port: Number(port[2]) } };
  }
  const grpc = GRPC.exec(text);
  if (grpc) {
    return { grpc: { service: grpc[1], methods: [grpc[2]] } };
  }
  const http = HTTP.exec(text);
  if (http) {
    return { http: { methods: [http[1]], paths: [http[2]] } };
  }
  return { id: text };
}
