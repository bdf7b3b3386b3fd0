import type { Call } from '@callgate/policy';
import { UsageError } from '../UsageError';
import { parsePort } from './parsePort';
import { readSourceFile } from './readSourceFiles';

/**
 * Reads calls as JSON lines (docs/command-line.md, "eval"). Every line is checked
 * before the first is answered, so that a broken file gives no half answer.
 */
export function readCalls(path: string, cwd: string): Call[] {
  const { text } = readSourceFile(path, { cwd, option: '--calls' });
  const calls: Call[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') {
      return;
    }
    const at = `${path}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new UsageError(`${at} is not JSON; write one call a line`);
    }
    calls.push(asCall(value, at));
  });
  return calls;
}

function asCall(value: unknown, at: string): Call {
  if (!isRecord(value)) {
    throw new UsageError(`${at} is not a call; write a JSON object`);
  }
  const { id, from, to, protocol, http, tls, via } = value;
  if (typeof from !== 'string' || typeof to !== 'string') {
    throw new UsageError(
      `${at} lacks from or to; write workloads as namespace/Kind/name, or addresses`,
    );
  }
  if (
    protocol !== undefined &&
    protocol !== 'TCP' &&
    protocol !== 'UDP' &&
    protocol !== 'SCTP'
  ) {
    throw new UsageError(`${at}: protocol is TCP, UDP or SCTP`);
  }
  if (tls !== undefined && tls !== 'mtls' && tls !== 'plaintext') {
    throw new UsageError(`${at}: tls is mtls or plaintext`);
  }
  return {
    ...(typeof id === 'string' || typeof id === 'number'
      ? { id: String(id) }
      : {}),
    from,
    to,
    ...(protocol !== undefined && { protocol }),
    port: parsePort(written(value.port), `${at}: port`),
    ...(http !== undefined && { http: asHttp(http, at) }),
    ...(tls !== undefined && { tls }),
    ...(via !== undefined && { via: asVia(via, at) }),
  };
}

function asHttp(http: unknown, at: string): NonNullable<Call['http']> {
  if (
    !isRecord(http) ||
    typeof http.method !== 'string' ||
    typeof http.path !== 'string' ||
    (http.host !== undefined && typeof http.host !== 'string')
  ) {
    throw new UsageError(
      `${at}: http needs method and path as text, and host as text if at all`,
    );
  }
  return {
    method: http.method,
    path: http.path,
    ...(http.host !== undefined && { host: http.host }),
  };
}

function asVia(via: unknown, at: string): NonNullable<Call['via']> {
  if (via === 'pod') {
    return via;
  }
  if (isRecord(via) && typeof via.service === 'string') {
    return {
      service: via.service,
      port: parsePort(written(via.port), `${at}: via.port`),
    };
  }
  throw new UsageError(
    `${at}: via is "pod" or {"service":"namespace/name","port":80}`,
  );
}

/** A value as the line has it: objects need not turn into text. */
function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? 'missing';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
