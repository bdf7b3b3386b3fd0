import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import type {
  EstateReading,
  EstateSource,
} from '@callgate/plugin-callgate-node';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readManifestsLocations } from './estateConfig';
import { EstateReader } from './EstateReader';
import { ManifestsEstateSource } from './ManifestsEstateSource';

const logger = mockServices.logger.mock();

describe('readManifestsLocations', () => {
  const read = (manifests: object[]) =>
    readManifestsLocations(
      new ConfigReader({ callgate: { estate: { manifests } } }),
    );

  it('makes paths absolute', () => {
    expect(read([{ cluster: 'prod-eu', path: 'estate' }])).toEqual([
      { cluster: 'prod-eu', path: path.resolve('estate') },
    ]);
  });

  it('refuses a name that could not be a folder', () => {
    expect(() => read([{ cluster: '../x', path: 'estate' }])).toThrow(
      /manifests\[0\].*not a name of a cluster/,
    );
  });

  it('wants exactly one place', () => {
    expect(() => read([{ cluster: 'a' }])).toThrow(/either path or url/);
    expect(() => read([{ cluster: 'a', path: 'x', url: 'https://y' }])).toThrow(
      /either path or url/,
    );
  });
});

describe('ManifestsEstateSource', () => {
  let root: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-estate-'));
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  it('reads manifests in all folders below, and nothing else', async () => {
    fs.mkdirSync(path.join(root, 'shop/deep'), { recursive: true });
    fs.writeFileSync(path.join(root, 'shop/deep/b.yml'), 'b');
    fs.writeFileSync(path.join(root, 'a.json'), '{}');
    fs.writeFileSync(path.join(root, 'README.md'), '#');
    const source = new ManifestsEstateSource({
      locations: [{ cluster: 'eu', path: root }],
    });
    expect(await source.read()).toEqual({
      clusters: [
        {
          name: 'eu',
          files: [
            { path: 'eu/a.json', text: '{}' },
            { path: 'eu/shop/deep/b.yml', text: 'b' },
          ],
        },
      ],
      problems: [],
    });
  });

  it('follows links inside the folder, names those that lead nowhere, and reads none that leads out', async () => {
    fs.mkdirSync(path.join(root, 'eu/deep'), { recursive: true });
    fs.writeFileSync(path.join(root, 'secret.yaml'), 'secret');
    fs.writeFileSync(path.join(root, 'eu/deep/a.txt'), 'a');
    fs.symlinkSync('deep/a.txt', path.join(root, 'eu/a.yaml'));
    fs.symlinkSync('gone', path.join(root, 'eu/b.yaml'));
    const source = new ManifestsEstateSource({
      locations: [{ cluster: 'eu', path: path.join(root, 'eu') }],
    });
    expect(await source.read()).toEqual({
      clusters: [
        {
          name: 'eu',
          files: [
            { path: 'eu/a.yaml', text: 'a' },
            { path: 'eu/b.yaml', text: '', leadsTo: 'gone' },
          ],
        },
      ],
      problems: [],
    });
    fs.symlinkSync('../secret.yaml', path.join(root, 'eu/c.yaml'));
    const { clusters, problems } = await source.read();
    expect(clusters).toEqual([]);
    expect(problems).toEqual([
      expect.stringContaining('c.yaml is a link out of the folder'),
    ]);
  });

  it.each([
    ['itself', 'circle.yaml'],
    ['what is below a file', 'a.yaml/b.yaml'],
    ['a name that is too long', 'x'.repeat(300)],
  ])(
    'names a link to %s, where nothing is, and reads the others',
    async (_, target) => {
      fs.mkdirSync(path.join(root, 'eu'));
      fs.writeFileSync(path.join(root, 'eu/a.yaml'), 'a');
      fs.symlinkSync(target, path.join(root, 'eu/circle.yaml'));
      const source = new ManifestsEstateSource({
        locations: [{ cluster: 'eu', path: path.join(root, 'eu') }],
      });
      const { clusters, problems } = await source.read();
      expect(problems).toEqual([]);
      expect(clusters[0].files).toEqual([
        { path: 'eu/a.yaml', text: 'a' },
        { path: 'eu/circle.yaml', text: '', leadsTo: target },
      ]);
    },
  );

  it('reads UTF-16 with its mark, and says of bytes that are no text what to do', async () => {
    const source = new ManifestsEstateSource({
      locations: [{ cluster: 'eu', path: root }],
    });
    const file = path.join(root, 'a.yaml');
    fs.writeFileSync(file, Buffer.from('\ufeffkind: A', 'utf16le'));
    expect((await source.read()).clusters[0].files).toEqual([
      { path: 'eu/a.yaml', text: 'kind: A' },
    ]);
    fs.writeFileSync(file, Buffer.from([0x61, 0xff, 0xfe]));
    expect((await source.read()).problems).toEqual([
      expect.stringContaining('a.yaml is not text in UTF-8; save it as UTF-8'),
    ]);
  });

  it('reads files up to 32 MiB, and says of a larger one what to do', async () => {
    const file = path.join(root, 'a.yaml');
    fs.writeFileSync(file, 'a'.repeat(17 * 1024 * 1024));
    const source = new ManifestsEstateSource({
      locations: [{ cluster: 'eu', path: root }],
    });
    expect((await source.read()).problems).toEqual([]);
    fs.truncateSync(file, 32 * 1024 * 1024 + 1);
    expect((await source.read()).problems).toEqual([
      expect.stringContaining(
        'a.yaml is larger than 32 MiB; split it, or leave it out with exclude',
      ),
    ]);
  });

  it('reads endings in any case, and leaves out what is excluded', async () => {
    fs.mkdirSync(path.join(root, 'charts/x/templates'), { recursive: true });
    fs.writeFileSync(path.join(root, 'a.YAML'), 'a');
    fs.writeFileSync(path.join(root, 'rows.json'), '{}');
    fs.writeFileSync(path.join(root, 'charts/x/templates/d.yaml'), '{{ d }}');
    const [location] = readManifestsLocations(
      new ConfigReader({
        callgate: {
          estate: {
            manifests: [
              { cluster: 'eu', path: root, exclude: ['charts/**', '*.json'] },
            ],
          },
        },
      }),
    );
    const source = new ManifestsEstateSource({ locations: [location] });
    expect((await source.read()).clusters).toEqual([
      { name: 'eu', files: [{ path: 'eu/a.YAML', text: 'a' }] },
    ]);
  });

  it('says which folder of which cluster is missing, and reads the others', async () => {
    fs.writeFileSync(path.join(root, 'a.yaml'), 'a');
    const source = new ManifestsEstateSource({
      locations: [
        { cluster: 'us', path: path.join(root, 'none') },
        { cluster: 'eu', path: root },
      ],
    });
    const reading = await source.read();
    expect(reading.clusters.map(({ name }) => name)).toEqual(['eu']);
    expect(reading.problems).toEqual([
      `The manifests of the cluster us cannot be read from ${path.join(
        root,
        'none',
      )}: it does not exist.`,
    ]);
  });

  it('does not take an empty folder for an estate without workloads', async () => {
    const source = new ManifestsEstateSource({
      locations: [{ cluster: 'eu', path: root }],
    });
    expect((await source.read()).problems).toEqual([
      `There are no manifests of the cluster eu in ${root}.`,
    ]);
  });
});

describe('EstateReader', () => {
  const reading = (text: string): EstateReading => ({
    clusters: [{ name: 'eu', files: [{ path: 'eu/a.yaml', text }] }],
    problems: [],
  });

  function readerOf(...readings: Array<EstateReading | Error>) {
    let clock = Date.parse('2026-01-01T00:00:00Z');
    const source: EstateSource = {
      id: 'test',
      read: async () => {
        const next = readings.length > 1 ? readings.shift()! : readings[0];
        if (next instanceof Error) throw next;
        return next;
      },
    };
    return new EstateReader({
      sources: [source],
      logger,
      now: () => (clock += 60_000),
    });
  }

  it('reads at the first question and then on refresh only', async () => {
    const reader = readerOf(reading('one'), reading('two'));
    expect((await reader.current()).clusters[0].files[0].text).toBe('one');
    expect((await reader.current()).clusters[0].files[0].text).toBe('one');
    await reader.refresh();
    expect((await reader.current()).clusters[0].files[0].text).toBe('two');
  });

  it('gives equal estates equal digests', async () => {
    const reader = readerOf(reading('one'), reading('one'), reading('two'));
    const first = (await reader.refresh()).digest;
    expect((await reader.refresh()).digest).toBe(first);
    expect((await reader.refresh()).digest).not.toBe(first);
  });

  it('keeps what it knew, as stale and with its time, when a source fails', async () => {
    const reader = readerOf(reading('one'), new Error('down'), reading('two'));
    const good = await reader.refresh();
    const stale = await reader.refresh();
    expect(stale).toMatchObject({
      clusters: good.clusters,
      stale: true,
      readAt: good.readAt,
    });
    expect(stale.problems).toEqual([
      'The estate source test cannot be read: down',
    ]);
    expect(await reader.refresh()).toMatchObject({
      stale: false,
      problems: [],
    });
  });

  it('keeps a cluster whose folder went away', async () => {
    const reader = readerOf(reading('one'), {
      clusters: [],
      problems: ['gone'],
    });
    await reader.refresh();
    expect(await reader.refresh()).toMatchObject({
      clusters: [{ name: 'eu' }],
      stale: true,
      problems: ['gone'],
    });
  });

  it('drops a cluster that is no longer configured', async () => {
    const reader = readerOf(reading('one'), { clusters: [], problems: [] });
    await reader.refresh();
    expect((await reader.refresh()).clusters).toEqual([]);
  });
});

describe('EstateReader with a source that says when it changes', () => {
  /** A source with what it says now, how often it was asked, and a way to change it. */
  function sourceOf(id: string, hears: boolean) {
    let tell = () => {};
    const source = {
      asked: 0,
      text: 'one',
      id,
      async read(): Promise<EstateReading> {
        source.asked += 1;
        const files = [{ path: `${id}/a.yaml`, text: source.text }];
        return { clusters: [{ name: id, files }], problems: [] };
      },
      ...(hears && {
        onChange: (listener: () => void) => {
          tell = listener;
        },
      }),
      change(text: string) {
        source.text = text;
        tell();
      },
    };
    return source;
  }
  const settled = () => new Promise(done => setTimeout(done, 50));

  it('reads it again, once for many changes, and no other', async () => {
    const live = sourceOf('live', true);
    const folder = sourceOf('folder', false);
    const reader = new EstateReader({
      sources: [folder, live],
      logger,
      settleMs: 5,
    });
    const first = await reader.refresh();
    folder.text = 'two';
    ['two', 'three', 'four'].forEach(text => live.change(text));
    await settled();
    const { clusters, digest } = reader.latest!;
    expect(clusters.map(({ files }) => files[0].text)).toEqual(['one', 'four']);
    expect(digest).not.toBe(first.digest);
    expect([folder.asked, live.asked]).toEqual([1, 2]);
  });

  it('says so when something else runs, and not when a reading found the same', async () => {
    const live = sourceOf('live', true);
    const heard: string[] = [];
    const reader = new EstateReader({
      sources: [live],
      logger,
      settleMs: 5,
    });
    reader.onChange(({ digest }) => heard.push(digest));
    await reader.refresh();
    await reader.refresh();
    live.change('one');
    await settled();
    expect(heard).toEqual([]);
    live.change('two');
    await settled();
    expect(heard).toEqual([reader.latest!.digest]);
    // What cannot be read any more is something that a page says.
    live.read = async () => {
      throw new Error('gone');
    };
    await reader.refresh();
    await reader.refresh();
    expect(heard).toHaveLength(2);
  });

  it('reads all of them where nothing was read yet', async () => {
    const live = sourceOf('live', true);
    const folder = sourceOf('folder', false);
    const reader = new EstateReader({
      sources: [folder, live],
      logger,
      settleMs: 5,
    });
    live.change('two');
    await settled();
    expect(reader.latest!.clusters.map(({ name }) => name)).toEqual([
      'folder',
      'live',
    ]);
  });

  it('keeps what another source could not read', async () => {
    const live = sourceOf('live', true);
    const broken: EstateSource = {
      id: 'broken',
      read: async () => ({
        clusters: [],
        problems: ['gone'],
        unread: [{ cluster: 'b', problem: 'gone' }],
      }),
    };
    const reader = new EstateReader({
      sources: [broken, live],
      logger,
      settleMs: 5,
    });
    await reader.refresh();
    live.change('two');
    await settled();
    expect(reader.latest).toMatchObject({
      unread: [{ cluster: 'b', problem: 'gone' }],
      standing: { state: 'partly' },
    });
  });
});
