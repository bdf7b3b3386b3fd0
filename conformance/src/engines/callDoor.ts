import { connect, Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import { DOOR_ADDRESS, PRINCIPAL_HEADER } from './listeners';
import { EngineError } from './EngineError';
import { Certificate } from './Oracle';

/** A call as it arrives at a door. */
export interface DoorCall {
  port: number;
  /** Address of the caller and port that it called. */
  source: string;
  destinationPort: number;
  /** Calls with this certificate, and trusts that authority. */
  tls?: { own: Certificate; authority: string };
  /** Absent for TCP. */
  http?: {
    method: string;
    path: string;
    host: string;
    principal?: string;
    headers?: Record<string, string>;
  };
}

/** What came of it; `reason` is Envoy's, with the policy that decided. */
export interface DoorAnswer {
  allowed: boolean;
  reason: string;
}

const PATIENCE = 20_000;

/** What a connection of TCP sends; it comes back where it is let through. */
const ECHO = 'echo';

const proxyLine = ({ source, destinationPort }: DoorCall) =>
  `PROXY TCP4 ${source} 127.1.255.254 40000 ${destinationPort}\r\n`;

function requestText({ http }: DoorCall): string {
  if (!http) return '';
  const headers = Object.entries(http.headers ?? {}).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const principal =
    http.principal === undefined
      ? ''
      : `${PRINCIPAL_HEADER}: ${http.principal}\r\n`;
  return `${http.method} ${http.path} HTTP/1.1\r\nhost: ${
    http.host
  }\r\n${principal}${headers.join('')}content-length: 0\r\n\r\n`;
}

/** Reads one answer of HTTP: head, and as much body as the head says. */
function takeResponse(
  text: string,
  method: string,
): { answer: DoorAnswer; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(head)?.[1]);
  const length =
    method === 'HEAD'
      ? 0
      : Number(/\r\ncontent-length: ([0-9]+)/i.exec(head)?.[1] ?? 0);
  if (text.length < end + 4 + length) return undefined;
  const reason = text.slice(end + 4, end + 4 + length);
  if (status !== 200 && status !== 403)
    throw new EngineError(
      'Envoy',
      `answered ${status} (${reason}), which is neither allowed nor denied`,
    );
  return {
    answer: { allowed: status === 200, reason },
    rest: text.slice(end + 4 + length),
  };
}

/** The connection with a certificate of the caller. */
function secured(
  socket: Socket,
  { own, authority }: NonNullable<DoorCall['tls']>,
): Socket {
  return secure({
    socket,
    cert: own.certificate,
    key: own.key,
    ca: authority,
    // The provider's name is a SPIFFE id, which is not for TLS to compare.
    checkServerIdentity: () => undefined,
  });
}

/** Calls one door one after the other over one connection: all have its source and destination port. */
export function callDoor(calls: readonly DoorCall[]): Promise<DoorAnswer[]> {
  return new Promise((resolve, reject) => {
    const answers: DoorAnswer[] = [];
    let text = '';
    const connection: Socket = connect({
      host: DOOR_ADDRESS,
      port: calls[0].port,
      localAddress: calls[0].source,
    });
    const { tls } = calls[0];
    connection.on('connect', () => {
      connection.setNoDelay(true);
      // Said in the open, and before any handshake.
      connection.write(proxyLine(calls[0]));
    });
    const socket = tls ? secured(connection, tls) : connection;
    socket.setTimeout(PATIENCE, () =>
      socket.destroy(
        new EngineError('Envoy', `no answer at door ${calls[0].port}`),
      ),
    );
    const done = () => {
      resolve(answers);
      socket.destroy();
    };
    const next = () => {
      if (answers.length === calls.length) done();
      else socket.write(requestText(calls[answers.length]));
    };
    // A refused connection of TCP ends as a reset.
    socket.on('error', error => (calls[0].http ? reject(error) : undefined));
    socket.on(tls ? 'secureConnect' : 'connect', () => {
      if (calls[0].http) next();
      else socket.write(ECHO);
    });
    socket.on('data', chunk => {
      text += chunk.toString('latin1');
      const { http } = calls[0];
      if (!http) {
        if (text === ECHO) socket.end();
        return;
      }
      try {
        const taken = takeResponse(
          text,
          calls[answers.length].http?.method ?? '',
        );
        if (!taken) return;
        answers.push(taken.answer);
        text = taken.rest;
        next();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('close', () => {
      if (!calls[0].http) {
        answers.push(
          ...calls.map(() => ({ allowed: text === ECHO, reason: '' })),
        );
        resolve(answers);
      } else if (answers.length < calls.length) {
        reject(
          new EngineError(
            'Envoy',
            `closed the connection at door ${calls[0].port} in place of an answer`,
          ),
        );
      }
    });
  });
}
