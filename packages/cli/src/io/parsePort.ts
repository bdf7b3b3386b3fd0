import { UsageError } from '../UsageError';

/** Reads a port number, 1 to 65535. */
export function parsePort(text: string, what: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) {
    throw new UsageError(`${what} is ${text}; write a number from 1 to 65535`);
  }
  return port;
}
