import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ApiServer } from '../ApiServer';
import { disasters } from './disasters';
import { scale } from './scale';
import { Told } from './Told';

const USAGE = `Proves the reader of live clusters on an API server of Kubernetes.

  npm run live-clusters -- --proof [--pods N] [--workloads N] [--changes N] [--seconds S] [--only PART]

  --pods N, --workloads N   how much runs (20000 of 2000)
  --changes N, --seconds S  how much of it changes in how long (10000 in 60)
  --only PART               one part alone: scale, or killed, compacted, certificates, tokens, rights, definitions, clocks

Ends with 0 when everything that is wanted was so.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pods: { type: 'string', default: '20000' },
      workloads: { type: 'string', default: '2000' },
      changes: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '60' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const binary = process.env.CALLGATE_APISERVER;
  if (!binary) throw new Error('npm run live-clusters -- --proof runs this.');
  const told = new Told(line => process.stdout.write(`${line}\n`));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-proof-'));
  try {
    if ([undefined, 'scale'].includes(values.only)) {
      const server = await ApiServer.start(binary, path.join(folder, 'scale'));
      try {
        await scale(
          server,
          { pods: Number(values.pods), workloads: Number(values.workloads) },
          { changes: Number(values.changes), seconds: Number(values.seconds) },
          told,
        );
      } finally {
        await server.stop();
      }
    }
    if (values.only !== 'scale')
      await disasters(
        binary,
        path.join(folder, 'disasters'),
        told,
        values.only,
      );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    `live clusters: ${told.passed} passed, ${told.failed.length} failed\n`,
  );
  return told.failed.length === 0 ? 0 : 1;
}

main().then(
  status => process.exit(status),
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(2);
  },
);
