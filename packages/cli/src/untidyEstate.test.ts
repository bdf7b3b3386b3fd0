import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

afterEach(removeFolders);

const deployment = (name: string, namespace?: string) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(namespace && { namespace }) },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'i' }] },
      },
    },
  });

async function reach(cwd: string, ...more: string[]) {
  const run = await runCaptured(['reach', '--world', 'estate', ...more], {
    cwd,
  });
  const { workloads, findings } = run.json() as {
    workloads: string[];
    findings: { code: string; message: string }[];
  };
  return { ...run, workloads, findings };
}

describe('an estate as it is in reality', () => {
  it('is read although a link leads nowhere, which is said', async () => {
    const cwd = folderWith({ 'estate/a.yaml': deployment('a', 'shop') });
    symlinkSync('nowhere.yaml', join(cwd, 'estate/b.yaml'));
    symlinkSync('nowhere', join(cwd, 'estate/README'));
    const { code, workloads, findings } = await reach(cwd);
    expect([code, workloads]).toEqual([0, ['shop/Deployment/a']]);
    expect(findings.map(each => [each.code, each.message])).toEqual([
      [
        'link-broken',
        'estate/b.yaml is a link to nowhere.yaml, where nothing is.',
      ],
    ]);
  });

  it('is read whatever the case of an ending', async () => {
    const cwd = folderWith({
      'estate/a.YAML': deployment('a', 'shop'),
      'estate/b.Yml': deployment('b', 'shop'),
      'estate/c.JSON': deployment('c', 'shop'),
    });
    expect((await reach(cwd)).workloads).toHaveLength(3);
  });

  it('is read without what is excluded', async () => {
    const cwd = folderWith({
      'estate/a.yaml': deployment('a', 'shop'),
      'estate/charts/x/templates/d.yaml': `{{ if .Values.x }}\n${deployment(
        'd',
      )}\n{{ end }}`,
    });
    expect((await reach(cwd)).findings).toMatchObject([
      { code: 'estate-not-readable' },
    ]);
    const { findings, workloads } = await reach(cwd, '--exclude', 'charts/**');
    expect([findings, workloads]).toEqual([[], ['shop/Deployment/a']]);
  });

  it('is in the namespace to which it is applied', async () => {
    const cwd = folderWith({
      'estate/a.yaml': deployment('a'),
      'profile.yaml':
        'apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: c }\nspec: { namespace: stated }\n',
    });
    const assumed = await reach(cwd);
    expect(assumed.workloads).toEqual(['default/Deployment/a']);
    expect(assumed.findings.map(({ code }) => code)).toEqual([
      'namespace-assumed',
    ]);
    const asked = await reach(cwd, '--namespace', 'shop');
    expect([asked.workloads, asked.findings]).toEqual([
      ['shop/Deployment/a'],
      [],
    ]);
    const stated = await reach(cwd, '--profile', 'profile.yaml');
    expect([stated.workloads, stated.findings]).toEqual([
      ['stated/Deployment/a'],
      [],
    ]);
  });

  it('is said to be none where nothing in it is an object', async () => {
    const cwd = folderWith({ 'estate/values.yaml': 'replicas: 2\n' });
    expect((await reach(cwd)).findings.map(({ code }) => code)).toEqual([
      'estate-empty',
    ]);
  });

  it('of 400 workloads is a table in which everybody is one row', async () => {
    const cwd = folderWith({
      'estate/a.json': Array.from({ length: 400 }, (_, index) =>
        deployment(`d${index}`, 'shop'),
      ).join('\n'),
    });
    const { code, stdout } = await runCaptured(
      ['reach', '--world', 'estate', '-o', 'table'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^everybody \(400 workloads\) +everybody \(400/m);
  });
});
