import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { Problem } from './problem.mjs';

export const FRONTEND_PORT = 3000;
export const BACKEND_PORT = 7007;
const HIGHEST_PORT = 65535;

/** `--port N` moves both: the backend keeps its distance to the frontend. */
export function portsFor(frontend = FRONTEND_PORT) {
  return { frontend, backend: frontend + (BACKEND_PORT - FRONTEND_PORT) };
}

export function parsePort(text) {
  const port = Number(text);
  const highest = HIGHEST_PORT - (BACKEND_PORT - FRONTEND_PORT);
  if (!/^\d+$/.test(text ?? '') || port < 1024 || port > highest) {
    throw new Problem(
      `--port needs a number from 1024 to ${highest}${
        text ? `, not "${text}"` : ''
      }.`,
      'For example: npm start -- --port 3100',
    );
  }
  return port;
}

/** Throws a problem that names the holder and offers ports that are free. */
export async function requireFreePorts({ frontend, backend }) {
  const taken = [];
  for (const port of [frontend, backend]) {
    if (!(await isFree(port))) {
      taken.push(port);
    }
  }
  if (taken.length === 0) {
    return;
  }
  const named = taken.map(port => {
    const holder = holderOf(port);
    return `Port ${port} is taken${holder ? ` by ${holder}` : ''}.`;
  });
  const free = await findFreePorts(frontend);
  throw new Problem(
    named.join('\n  '),
    `Stop what holds it, or start the portal elsewhere: npm start -- --port ${free.frontend}`,
  );
}

async function findFreePorts(taken) {
  const first = Math.max(taken + 100, 3100);
  for (let port = first; port <= 50_000; port += 100) {
    const ports = portsFor(port);
    if ((await isFree(ports.frontend)) && (await isFree(ports.backend))) {
      return ports;
    }
  }
  return portsFor(first);
}

/** One port that is free, for what asks for no other beside it. */
export async function findFreePort() {
  for (let port = 3200; port < 20_000; port += 100) {
    if (await isFree(port)) return port;
  }
  throw new Problem('No port is free: 3200, 3300 and so on up to 19900.');
}

/** Free on every address: a server on one family of addresses hides one on the other. */
export async function isFree(port) {
  const hosts = ['127.0.0.1', '::1', '0.0.0.0', '::'];
  for (const host of hosts) {
    if (!(await canListen(port, host))) {
      return false;
    }
  }
  return true;
}

function canListen(port, host) {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', error => {
      // No such address on this machine says nothing about the port.
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT');
    });
    server.listen({ port, host, ipv6Only: host === '::' }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** The name and pid of the process that listens, where the system tells. */
export function holderOf(port) {
  return process.platform === 'linux' ? holderByProc(port) : holderByLsof(port);
}

function holderByProc(port) {
  try {
    const inodes = new Set(
      ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(table =>
        listeningInodes(fs.readFileSync(table, 'utf8'), port),
      ),
    );
    for (const pid of fs.readdirSync('/proc').filter(n => /^\d+$/.test(n))) {
      if (holdsOneOf(pid, inodes)) {
        const name = fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        return `${name} (process ${pid})`;
      }
    }
  } catch {
    // Not allowed to look: the port is taken all the same.
  }
  return undefined;
}

/** Inodes of the sockets that listen on the port, in the format of /proc/net/tcp. */
export function listeningInodes(table, port) {
  const LISTEN = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns[1]?.endsWith(suffix) && columns[3] === LISTEN)
    .map(columns => columns[9]);
}

function holdsOneOf(pid, inodes) {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some(fd => {
      const link = fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      return inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1]);
    });
  } catch {
    return false;
  }
}

function holderByLsof(port) {
  const { stdout } = spawnSync(
    'lsof',
    ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'],
    { encoding: 'utf8' },
  );
  const pid = /^p(\d+)$/m.exec(stdout ?? '')?.[1];
  const name = /^c(.+)$/m.exec(stdout ?? '')?.[1];
  return pid ? `${name} (process ${pid})` : undefined;
}
