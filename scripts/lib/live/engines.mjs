import { spawn } from 'node:child_process';
import { inRoot } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { readObjects } from './objects.mjs';

/**
 * Kubernetes' API server, built once, and the definitions of Istio's kinds and the Gateway API's.
 *
 * @param signal - ends the build
 * @returns `{ apiserver, definitions }`, the path of a program and CustomResourceDefinitions
 */
export async function findEngines(signal) {
  const { apiserver, definitions, gatewayDefinitions } = JSON.parse(
    await makeEngines(signal),
  );
  return {
    apiserver,
    definitions: [definitions, gatewayDefinitions]
      .flatMap(readObjects)
      .filter(({ kind }) => kind === 'CustomResourceDefinition'),
  };
}

/** In a group of its own, so that a signal ends the compiler with it. */
function makeEngines(signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [inRoot('conformance/engines.mjs'), 'apiserver', 'definitions'],
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    let out = '';
    let complaint = '';
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    child.stderr.on('data', chunk => {
      complaint += chunk;
    });
    const give = () => process.kill(-child.pid, 'SIGTERM');
    signal?.addEventListener('abort', give);
    child.on('error', reject);
    child.on('close', code => {
      signal?.removeEventListener('abort', give);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve(out);
      else
        reject(
          new Problem(
            `There is no API server of Kubernetes to read from.\n${complaint.trim()}`,
            'It is built with Go, once. Without --live the portal needs none: npm start',
          ),
        );
    });
  });
}
