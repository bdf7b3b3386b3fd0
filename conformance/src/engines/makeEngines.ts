import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { EngineError } from './EngineError';

/** Paths of the engines, and of Istio's custom resource definitions. */
export interface Engines {
  oracle: string;
  definitions: string;
  apiserver: string;
  envoy: string;
}

/** Has the paths for processes that this one starts, so that they need not look. */
export const ENGINES = 'CONFORMANCE_ENGINES';

/** Makes the engines, or finds them made (`engines.mjs`). */
export function makeEngines(): Promise<Engines> {
  const known = process.env[ENGINES];
  if (known !== undefined) return Promise.resolve(JSON.parse(known));
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [
      resolve(__dirname, '../../engines.mjs'),
    ]);
    let out = '';
    let complaint = '';
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    child.stderr.on('data', chunk => {
      complaint += chunk;
    });
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) done(JSON.parse(out));
      else reject(new EngineError('engines', complaint.trim()));
    });
  });
}
