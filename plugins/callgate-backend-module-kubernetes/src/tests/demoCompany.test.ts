import { type Json, asJson } from '@callgate/cluster-reader';
import { ConfigReader } from '@backstage/config';
import {
  buildCluster,
  createWorld,
  loadManifests,
  reach,
  type SourceFile,
} from '@callgate/policy';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readClusters } from '../config/readClusters';
import { LiveEstateSource } from '../LiveEstateSource';

jest.setTimeout(180_000);

const ROOT = path.resolve(__dirname, '../../../..');
const describeHere = process.env.CALLGATE_APISERVER ? describe : describe.skip;
if (!process.env.CALLGATE_APISERVER) {
  it.todo('reads the demo company: npm run live-clusters makes its clusters');
}

/** As their profiles state it, which the servers are started with. */
const SERVICES = { 'prod-eu': '10.96.0.0/12', staging: '10.112.0.0/12' };

/** What `npm start -- --live` does for one cluster: prints its configuration, and ends with its standard input. */
const startScript = (cluster: string) => {
  const from = (name: string) =>
    JSON.stringify(
      pathToFileURL(path.join(ROOT, 'scripts/lib/live', name)).href,
    );
  return `
    import { startDemoCluster } from ${from('demoClusters.mjs')};
    import { findEngines } from ${from('engines.mjs')};
    import { configOf } from ${from('liveFolder.mjs')};
    const cluster = await startDemoCluster('${cluster}', await findEngines());
    const { name, leftOut } = cluster;
    console.log(JSON.stringify({ config: configOf([cluster]), leftOut }));
    process.stdin.resume().on('end', () => cluster.server.stop());`;
};

/** The YAML files of a folder of the demo company, and of those in it. */
function filesIn(folder: string): SourceFile[] {
  const root = path.join(ROOT, 'examples/shop', folder);
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => ({
      path: `${folder}/${name}`,
      text: fs.readFileSync(path.join(root, name), 'utf8'),
    }));
}

describeHere.each(['prod-eu', 'staging'] as const)(
  'the demo company’s %s',
  name => {
    let child: ChildProcess;
    let ended: Promise<unknown>;
    let source: LiveEstateSource;
    let said: Json;

    beforeAll(async () => {
      child = spawn(
        process.execPath,
        ['--input-type=module', '-e', startScript(name)],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      ended = new Promise(resolve => {
        child.on('close', resolve);
      });
      const line = new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stdout! }).once('line', resolve);
        void ended.then(() => reject(new Error('no cluster')));
      });
      said = JSON.parse(await line);
      source = new LiveEstateSource({
        configured: readClusters(
          new ConfigReader(asJson(said.config) as never),
        ),
      });
      source.start();
      while ((await source.read()).problems.length > 0) await setTimeout(20);
    });
    afterAll(async () => {
      source?.stop();
      child?.stdin!.end();
      await ended;
    });

    /** Who may call whom, with the policies of the company's repository. */
    function accessBy(estate: readonly SourceFile[]) {
      const { objects, findings } = loadManifests([
        ...estate,
        ...filesIn(`repository/clusters/${name}`),
      ]);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual(
        [],
      );
      const { cluster } = buildCluster({ name, objects });
      return reach(createWorld([cluster]));
    }

    const namesIn = (estate: readonly SourceFile[]) =>
      loadManifests([...estate]).objects.map(
        ({ object: { kind, metadata } }) =>
          `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
      );

    it('has all that runs there, and is judged as the manifests are', async () => {
      expect(said.leftOut).toEqual([]);
      const { files } = (await source.read()).clusters[0];
      expect(namesIn(files)).toEqual(
        expect.arrayContaining(namesIn(filesIn(`estate/${name}`))),
      );
      // A cluster says by itself, and the folder does not, from which range its Services' addresses are: those are nobody outside.
      const range = files.find(
        each => each.path === `${name}/servicecidrs.yaml`,
      );
      expect(JSON.parse(range!.text).items[0].spec.cidrs).toEqual([
        SERVICES[name],
      ]);
      const live = accessBy(files);
      const written = accessBy([...filesIn(`estate/${name}`), range!]);
      expect(written.edges.length).toBeGreaterThan(10);
      expect(live).toEqual(written);
    });
  },
);
