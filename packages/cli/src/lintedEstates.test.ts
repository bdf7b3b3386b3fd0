import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';

const ESTATES = resolve(__dirname, '../testdata/estates');
const OPERATOR = ['--profile', 'metrics-stack.profile.yaml'];

interface FindingJson {
  code: string;
  objects: string[];
  data?: { workloadKinds?: { kind: string }[] };
}

async function found(estate: string, options: string[] = [], more = '') {
  const extra = folderWith({ 'more.yaml': more });
  const { json } = await runCaptured(
    ['lint', '--world', estate, extra, ...options, '-o', 'json'],
    { cwd: ESTATES },
  );
  return (json() as { findings: FindingJson[] }).findings;
}

/** Codes with the object that each is about: of pods that an operator makes, the first one of the kind to be stated. */
const codes = (findings: FindingJson[]) =>
  findings
    .map(({ code, objects, data }) => {
      const kind = data?.workloadKinds?.[0].kind;
      const [first] = objects.filter(
        each => kind === undefined || each.startsWith(`${kind} `),
      );
      return `${code} ${first}`;
    })
    .sort();

afterEach(removeFolders);

describe('lint of a stack of metrics whose pods an operator makes', () => {
  const HOST = 'host-network-selected NetworkPolicy monitoring/node-exporter';

  it('asks for the pods of the operator, and says of no policy that it selects nothing', async () => {
    expect(codes(await found('metrics-stack'))).toEqual([
      HOST,
      'operator-pods-unknown Alertmanager monitoring/main',
      'operator-pods-unknown Prometheus monitoring/k8s',
    ]);
  });

  it.each(['detect', 'sidecar'])(
    'has nothing but the policy of the host network to say once they are stated, with %s',
    async mesh => {
      expect(
        codes(await found('metrics-stack', [...OPERATOR, '--mesh', mesh])),
      ).toEqual([HOST]);
    },
  );

  it('is as content with the lines that it suggests itself', async () => {
    const entries = (await found('metrics-stack'))
      .filter(({ code }) => code === 'operator-pods-unknown')
      .flatMap(({ data }) => data?.workloadKinds ?? []);
    const cwd = folderWith({
      'p.yaml': JSON.stringify({
        apiVersion: 'callgate.dev/v1alpha1',
        kind: 'PlatformProfile',
        metadata: { name: 'prod' },
        spec: { workloadKinds: entries },
      }),
    });
    expect(
      codes(await found('metrics-stack', ['--profile', join(cwd, 'p.yaml')])),
    ).toEqual([HOST]);
  });

  it('finds a slip in a policy beside them', async () => {
    const policy = readFileSync(
      join(ESTATES, 'metrics-stack/grafana.yaml'),
      'utf8',
    )
      .split('---\n')
      .find(text => parse(text)?.kind === 'NetworkPolicy');
    const slip = policy
      ?.replace('name: grafana', 'name: slip')
      .replaceAll('name: grafana', 'name: grafanna');
    expect(codes(await found('metrics-stack', OPERATOR, slip))).toEqual([
      HOST,
      'selects-nothing NetworkPolicy monitoring/slip',
    ]);
  });

  it('says of ambient mode what its policies do not open for it', async () => {
    const all = await found('metrics-stack', [
      ...OPERATOR,
      '--mesh',
      'ambient',
    ]);
    expect([...new Set(all.map(({ code }) => code))].sort()).toEqual([
      'hbone-port-closed',
      'host-network-selected',
      'probes-closed',
    ]);
  });
});

describe('lint of a tool of delivery with a policy for each component', () => {
  it.each(['detect', 'sidecar'])('has nothing to say with %s', async mesh => {
    expect(codes(await found('delivery', ['--mesh', mesh]))).toEqual([]);
  });

  it('says of ambient mode what its policies do not open for it', async () => {
    const all = await found('delivery', ['--mesh', 'ambient']);
    expect([...new Set(all.map(({ code }) => code))].sort()).toEqual([
      'hbone-port-closed',
      'probes-closed',
    ]);
  });
});
