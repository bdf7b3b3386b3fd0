import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

const WORKLOADS = 2000;

function openEstate(): string {
  const objects = Array.from(
    { length: WORKLOADS },
    (_, index) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: app-${index}, namespace: team-${index % 100} }
spec:
  selector: { matchLabels: { app: app-${index} } }
  template:
    metadata: { labels: { app: app-${index} } }
    spec: { containers: [{ name: main, ports: [{ containerPort: 8080 }] }] }
`,
  );
  return folderWith({ 'world.yaml': objects.join('---\n') });
}

describe('callgate reach of an open estate of 2,000 workloads', () => {
  const cwd = openEstate();
  afterAll(removeFolders);

  it.each(['json', 'yaml', 'table', 'markdown', 'csv', 'dot'])(
    'writes everybody as one row in %s, and not four million',
    async format => {
      const { code, stdout } = await runCaptured(
        ['reach', '--world', 'world.yaml', '-o', format],
        { cwd },
      );
      expect(code).toBe(0);
      expect(stdout).toContain('everybody');
      // Members of the set are the most of it.
      expect(stdout.length).toBeLessThan(500_000);
    },
    60_000,
  );

  it('lists who is in the set, in version 2 of the document', async () => {
    const { json } = await runCaptured(
      ['reach', '--world', 'world.yaml', '-o', 'json'],
      { cwd },
    );
    const { schemaVersion, sets, edges } = json() as {
      schemaVersion: number;
      sets: Record<string, string[]>;
      edges: unknown[];
    };
    expect(schemaVersion).toBe(2);
    expect(sets.everybody).toHaveLength(WORKLOADS);
    expect(edges).toHaveLength(3);
  }, 60_000);

  it.each(['json', 'table', 'dot'])(
    'writes one class for all of them in %s with --classes',
    async format => {
      const { code, stdout } = await runCaptured(
        ['reach', '--world', 'world.yaml', '--classes', '-o', format],
        { cwd },
      );
      expect(code).toBe(0);
      expect(stdout).toContain(
        /json|yaml/.test(format)
          ? 'classes'
          : 'team-0/Deployment/app-0 and 1999 like it',
      );
      expect(stdout.length).toBeLessThan(500_000);
    },
    60_000,
  );

  it.each([[], ['--classes']])(
    'does with little memory %s',
    (...asked) => {
      const bin = resolve(__dirname, '../bin/callgate.js');
      // Megabytes of objects; the limit of all memory is 300.
      const { status, stderr } = spawnSync(
        process.execPath,
        [
          '--max-old-space-size=160',
          bin,
          ...['reach', '--world', 'world.yaml', '-o', 'json', ...asked],
        ],
        { cwd, encoding: 'utf8', maxBuffer: 1 << 26 },
      );
      expect(stderr).not.toContain('heap');
      expect(status).toBe(0);
    },
    120_000,
  );
});
