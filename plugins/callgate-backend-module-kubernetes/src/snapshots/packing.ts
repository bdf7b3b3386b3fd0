import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);

/** Path and digest of each file of a snapshot. */
export type Manifest = readonly (readonly [path: string, digest: string])[];

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function pack(text: string): Promise<Buffer> {
  return gzip(text);
}

export async function unpack(packed: Buffer): Promise<string> {
  return (await gunzip(packed)).toString('utf8');
}
