import { promisify } from 'node:util';
import zlib from 'node:zlib';

export { digestOf } from '@callgate/cluster-reader';

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);

/** Path and digest of each file of a snapshot. */
export type Manifest = readonly (readonly [path: string, digest: string])[];

export async function pack(text: string): Promise<Buffer> {
  return gzip(text);
}

export async function unpack(packed: Buffer): Promise<string> {
  return (await gunzip(packed)).toString('utf8');
}
