import { ConfigReader } from '@backstage/config';
import { asJson, folderOfKind, WANTED } from '@callgate/cluster-reader';
import {
  buildCluster,
  createWorld,
  loadManifests,
  reach,
  type SourceFile,
} from '@callgate/policy';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ApiServer } from '../__testUtils__/ApiServer';
import { readClusters } from '../config/readClusters';
import { LiveEstateSource } from '../LiveEstateSource';

jest.setTimeout(240_000);

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, '../../../..');
const MODULE = path.resolve(__dirname, '../..');
const { CALLGATE_APISERVER: apiserver, CALLGATE_KUBECTL: kubectl } =
  process.env;
const describeHere = apiserver && kubectl ? describe : describe.skip;
if (!apiserver || !kubectl) {
  it.todo(
    'the commands of docs/clusters.md: npm run live-clusters makes kubectl and an API server',
  );
}

/** A caller that may, one that may not, and what a cluster adds its defaults to. */
const OBJECTS = ['orders', 'checkout', 'batch']
  .flatMap(name => {
    const labels = { app: name };
    const template = {
      metadata: { labels, annotations: { team: 'заказы' } },
      spec: {
        serviceAccountName: name,
        containers: [
          {
            name,
            image: 'registry.example/a:1',
            ports: [{ containerPort: 80 }],
          },
        ],
      },
    };
    const inShop = { name, namespace: 'shop' };
    return [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inShop },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: inShop,
        spec: { selector: { matchLabels: labels }, template },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: inShop,
        spec: { selector: labels, ports: [{ port: 80 }] },
      },
    ];
  })
  .concat(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'by-hand',
        namespace: 'shop',
        labels: { app: 'debug' },
      },
      spec: {
        serviceAccountName: 'batch',
        containers: [{ name: 'debug', image: 'registry.example/b:1' }],
      },
    } as never,
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'orders', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'orders' } },
        ingress: [
          { from: [{ podSelector: { matchLabels: { app: 'checkout' } } }] },
        ],
      },
    } as never,
  )
  .map(object => JSON.stringify(object))
  .join('\n---\n');

/** What docs/clusters.md has people run, a block each; they are indented where they belong to a step. */
const blocks = [
  ...fs
    .readFileSync(path.join(ROOT, 'docs/clusters.md'), 'utf8')
    .matchAll(/^ *```sh\n(.*?)^ *```$/gms),
].map(([, block]) => block);

describeHere('kubectl, and what docs/clusters.md does with it', () => {
  let server: ApiServer;
  let folder: string;
  let source: LiveEstateSource | undefined;

  beforeEach(async () => {
    server = await ApiServer.start(apiserver!);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-kubectl-'));
    fs.symlinkSync(kubectl!, path.join(folder, 'kubectl'));
  });
  afterEach(async () => {
    source?.stop();
    source = undefined;
    await server.stop();
    fs.rmSync(folder, { recursive: true });
  });

  /** A kubeconfig that is as whoever has a token. */
  function kubeconfigOf(name: string, token: string): string {
    const file = path.join(folder, `${name}.kubeconfig`);
    const { url, ca } = server.address;
    fs.writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name: 'prod-eu',
            cluster: {
              server: url,
              'certificate-authority-data': Buffer.from(ca).toString('base64'),
            },
          },
        ],
        users: [{ name, user: { token } }],
        contexts: [{ name, context: { cluster: 'prod-eu', user: name } }],
        'current-context': name,
      }),
    );
    return file;
  }

  /** Runs lines of a shell, which ends with the first that fails, where `deploy` is. */
  const shell = async (lines: string, kubeconfig: string) => {
    const { stdout } = await run('sh', ['-e', '-c', lines], {
      cwd: MODULE,
      maxBuffer: 2 ** 26,
      env: {
        ...process.env,
        PATH: `${folder}:${process.env.PATH}`,
        KUBECONFIG: kubeconfig,
      },
    });
    return stdout;
  };

  it('makes an account that may read what the reader reads, and the same world comes of what kubectl prints', async () => {
    const admin = kubeconfigOf('admin', server.address.token);
    // What a company has: workloads, policies, and a mesh's namespace.
    await shell(
      [
        'kubectl create namespace istio-system',
        'kubectl create namespace shop',
        "kubectl apply -f - <<'EOF'",
        OBJECTS,
        'EOF',
      ].join('\n'),
      admin,
    );
    const account = blocks.find(each => each.includes('deploy/rbac.yaml'));
    const printed = await shell(account!, admin);
    const token = printed.trim().split('\n').at(-1)!;
    expect(token.split('.')).toHaveLength(3);

    const { url, ca } = server.address;
    source = new LiveEstateSource({
      configured: readClusters(
        new ConfigReader({
          callgate: {
            clusters: {
              'prod-eu': {
                url,
                serviceAccountToken: token,
                caData: Buffer.from(ca).toString('base64'),
              },
            },
          },
        }),
      ),
    });
    source.start();
    let estate = await source.read();
    while (estate.problems.length > 0) {
      await setTimeout(20);
      estate = await source.read();
    }

    const reader = kubeconfigOf('callgate', token);
    const served = (
      await shell('kubectl api-resources --verbs=list -o name', reader)
    )
      .trim()
      .split('\n')
      .map(name => {
        const [plural, ...group] = name.split('.');
        return { name, plural, group: group.join('.') };
      });
    const folders = new Set(
      estate.clusters[0].files.map(each => each.path.split('/')[1]),
    );
    const wantedGroups = new Set(
      WANTED.filter(({ byName }) => !byName).flatMap(({ groups }) => groups),
    );
    const read = served.filter(
      each =>
        wantedGroups.has(each.group) &&
        (folders.has(folderOfKind(each)) ||
          folders.has(`${folderOfKind(each)}.yaml`)),
    );
    expect(read.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'pods',
        'services',
        'deployments.apps',
        'networkpolicies.networking.k8s.io',
      ]),
    );
    const text = await shell(
      `kubectl get ${read
        .map(({ name }) => name)
        .join(',')} --all-namespaces -o yaml`,
      reader,
    );
    const printedWorld = reachOf([{ path: 'kubectl.yaml', text }]);
    expect(printedWorld.edges.length).toBeGreaterThan(2);
    expect(JSON.stringify(reachOf(estate.clusters[0].files))).toBe(
      JSON.stringify(printedWorld),
    );

    // Nothing else: Secrets above all.
    await expect(shell('kubectl get secrets -A', reader)).rejects.toThrow(
      /secrets is forbidden/,
    );
    await expect(
      shell('kubectl -n shop delete networkpolicy orders', reader),
    ).rejects.toThrow(/cannot delete resource/);

    // As docs/clusters.md says below it.
    const doctor = await run(
      process.execPath,
      [
        path.join(ROOT, 'node_modules/.bin/callgate'),
        ...['doctor', 'cluster', 'prod-eu', '--kubeconfig', reader],
        ...['-o', 'json'],
      ],
      { cwd: ROOT, maxBuffer: 2 ** 26 },
    ).catch(failed => failed);
    expect(asJson(JSON.parse(doctor.stdout)).cluster).toBe('prod-eu');
    expect(`${doctor.stdout}${doctor.stderr}`).not.toContain(token);
  });

  it('takes what an agent is made of', async () => {
    const admin = kubeconfigOf('admin', server.address.token);
    const token = path.join(folder, 'prod-eu-agent.token');
    fs.writeFileSync(token, 'a-token-of-the-portal');
    const block = blocks.find(each => each.includes('deploy/agent.yaml'))!;
    await shell('kubectl create namespace istio-system', admin);
    // No pod runs where no controller does, so that there is no log.
    const logs = '   kubectl -n callgate logs deploy/callgate-agent\n';
    expect(block.endsWith(logs)).toBe(true);
    await shell(
      block.replace(logs, '').replace('=prod-eu-agent.token', `=${token}`),
      admin,
    );
    const held = await shell(
      'kubectl -n callgate get secret callgate-agent -o jsonpath={.data.token}',
      admin,
    );
    expect(Buffer.from(held, 'base64').toString()).toBe(
      'a-token-of-the-portal',
    );
    expect(await shell('kubectl -n callgate get deploy -o name', admin)).toBe(
      'deployment.apps/callgate-agent\n',
    );
  });
});

function reachOf(files: readonly SourceFile[]) {
  const { objects, findings } = loadManifests([...files]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return reach(
    createWorld([buildCluster({ name: 'prod-eu', objects }).cluster]),
  );
}
