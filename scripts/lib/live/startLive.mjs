import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { step } from '../step.mjs';
import { DEMO_CLUSTERS, startDemoCluster } from './demoClusters.mjs';
import { findEngines } from './engines.mjs';
import { writeLiveFolder } from './liveFolder.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Starts a cluster for each of the demo company's, with what runs there, for a portal that reads them live.
 *
 * @param data - the portal's folder; `live` in it is there while the clusters are
 * @returns `config`, a file for the portal, and `stop`, after which nothing of them is left; or `status` alone, the exit status,
 * where a signal came first
 */
export async function startLive(data) {
  const folder = path.join(data, 'live');
  const clusters = [];
  const stop = async () => {
    // Whoever is impatient does not leave tokens behind.
    const ignore = () => {};
    SIGNALS.forEach(signal => process.on(signal, ignore));
    await Promise.all(clusters.splice(0).map(({ server }) => server.stop()));
    fs.rmSync(folder, { recursive: true, force: true });
    SIGNALS.forEach(signal => process.off(signal, ignore));
  };
  const givenUp = new AbortController();
  let status;
  const giveUp = signal => {
    status = 128 + os.constants.signals[signal];
    givenUp.abort();
  };
  SIGNALS.forEach(signal => process.on(signal, giveUp));
  try {
    const engines = await step(
      'API server of Kubernetes (built at the first time, which takes minutes)',
      () => findEngines(givenUp.signal),
    );
    // One after the other: each has a machine's cores to itself while it starts.
    for (const name of DEMO_CLUSTERS) {
      clusters.push(
        await step(`Cluster ${name}, with what runs there`, () =>
          startDemoCluster(name, engines, givenUp.signal),
        ),
      );
    }
    const { config, kubeconfigOf } = writeLiveFolder(folder, clusters);
    for (const { name, leftOut } of clusters) {
      process.stdout.write(linesOf(name, leftOut, kubeconfigOf[name]));
    }
    return { config, stop };
  } catch (error) {
    await stop();
    if (status !== undefined) return { status };
    throw error;
  } finally {
    SIGNALS.forEach(signal => process.off(signal, giveUp));
  }
}

/** What a person can do with a cluster, and what of the company it does not have. */
export function linesOf(name, leftOut, kubeconfig) {
  return [
    ...(leftOut.length > 0
      ? [`  ${name} does not serve, and is without: ${leftOut.join(', ')}`]
      : []),
    `  Change ${name} while the portal runs: kubectl --kubeconfig ${kubeconfig} …`,
    '',
  ].join('\n');
}
