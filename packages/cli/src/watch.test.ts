import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, removeFolders } from './__fixtures__/runCaptured';
import { watchPaths } from './io/watchPaths';
import { runCli } from './runCli';

afterEach(removeFolders);

const POD = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: app, image: app }] }
`;

/** A watching run in a folder, which is told what to change each time it has run. */
async function watching(
  argv: readonly string[],
  cwd: string,
  steps: readonly (() => void)[],
): Promise<{ code: number; stdout: string[]; stderr: string }> {
  const interrupted = new AbortController();
  const stdout: string[] = [];
  let stderr = '';
  const left = [...steps];
  const code = await runCli(argv, {
    stdout: text => {
      stdout.push(text);
    },
    stderr: text => {
      stderr += text;
    },
    cwd,
    isTerminal: false,
    now: () => 0,
    async *changes(paths, isIgnored) {
      const found = watchPaths(paths, isIgnored, interrupted.signal, () =>
        left.shift()?.(),
      );
      for await (const changed of found) {
        yield changed;
        const step = left.shift();
        if (step) step();
        else interrupted.abort();
      }
    },
  });
  return { code, stdout, stderr };
}

describe('--watch', () => {
  it('runs again with every change, says what changed, and ends with 0', async () => {
    const folder = folderWith({ 'world/a.yaml': POD('a') });
    const { code, stdout, stderr } = await watching(
      ['reach', '--world', 'world', '--watch'],
      folder,
      [() => writeFileSync(join(folder, 'world/b.yaml'), POD('b'))],
    );
    expect(code).toBe(0);
    expect(stdout.map(text => JSON.parse(text).workloads)).toEqual([
      ['shop/Pod/a'],
      ['shop/Pod/a', 'shop/Pod/b'],
    ]);
    expect(stderr).toContain('waiting for changes');
    expect(stderr).toContain('world/b.yaml changed');
  });

  it('goes on where input cannot be used for a moment', async () => {
    const folder = folderWith({ 'world.yaml': POD('a') });
    const path = join(folder, 'world.yaml');
    const { code, stdout, stderr } = await watching(
      ['reach', '--world', 'world.yaml', '--watch'],
      folder,
      [() => rmSync(path), () => writeFileSync(path, POD('c'))],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/world.yaml: no such file or folder.*--world/);
    expect(JSON.parse(stdout[stdout.length - 1]).workloads).toEqual([
      'shop/Pod/c',
    ]);
  });

  it('of compile does not take its own files for changes', async () => {
    const folder = folderWith({
      'catalog.yaml': `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: a }
spec: { type: openapi, owner: team, definition: '' }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: a, annotations: { backstage.io/kubernetes-id: a } }
spec: { type: service, owner: team, providesApis: [a] }
`,
      'policies/a.yaml': `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: a }
spec: { owner: 'group:default/team', api: 'api:default/a', mode: enforce, grants: [] }
`,
      'clusters/default/pod.yaml': POD('a').replace(
        'app: a',
        'app: a, backstage.io/kubernetes-id: a',
      ),
    });
    const generated = join(folder, 'clusters/default/shop/callgate-a.yaml');
    const { code, stdout, stderr } = await watching(
      [
        'compile',
        ...['--catalog', 'catalog.yaml', '--policies', 'policies'],
        ...['--estate', 'clusters', '--mesh', 'none', '--out', '.', '--watch'],
      ],
      folder,
      [
        () => {
          rmSync(generated);
          appendFileSync(join(folder, 'policies/a.yaml'), '# again\n');
        },
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toHaveLength(2);
    expect(stderr).toContain('policies/a.yaml changed');
    expect(stderr).not.toContain('callgate-a.yaml');
    expect(readFileSync(generated, 'utf8')).toContain('kind: NetworkPolicy');
  });
});
